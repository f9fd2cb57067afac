//! Lowering: from the checked agreement to numbers, masks and flat lists.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use samspill_agreement::model::{
    Agreement, Certainty, Condition, DayExpr, DayKind, DayOffset, Deadline, DeadlineRule, Duty, DutyState,
    Exception, FactName, Kind, KindId, Meter, Operand, Pairing, Phase, Rate, Restart, RuleId, SetTo,
    Suspension, Test, Version, WaiverTest,
};
use samspill_base::{ClauseRef, columns::nanos};

use super::{
    atoms::{Bits, FactSlot, FieldAtom},
    code::{
        Code, Cond, ContentCode, DayExprCode, DayKindCode, DeadlineCode, DutyCode, ExceptionCode, FACTS_MAX,
        FIELD_ATOMS_MAX, HoursCode, KindCode, Kinds, LiableDuty, LimitCode, MarkCode, MeterCode,
        NAMED_KINDS_MAX, OffsetCode, PairingCode, PhaseCode, RateCode, RateSpan, RequirementCode, RuleCode,
        SetCode, StopCode, VersionCode, WaiverCode, WaiverTestCode, WindowCode, day_kind,
    },
    names::Names,
};
use crate::{Dates, DutyStatus};

/// More of something than a program has room for: the readable evaluator reads such an agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoRoom;

/// Compiles an agreement.
pub(crate) fn lower(agreement: &Agreement, dates: Dates, names: &Names) -> Result<Code, NoRoom> {
    let days = &agreement.newest().calendar.days;
    let first = days.start_of_day(samspill_base::calendar::FIRST_DAY).map_or(i64::MIN, nanos);
    let last = days.end_of_day(samspill_base::calendar::LAST_DAY).map_or(i64::MAX, nanos);
    let code = Code { covered: (first, last.saturating_add(1)), ..Code::default() };
    let mut lowerer = Lowerer {
        names,
        code,
        ranks: ranks(agreement),
        sources: BTreeMap::new(),
        ids: Ids::of(agreement),
        questions: Vec::new(),
    };
    let versions = agreement.versions.iter().map(|version| (version, in_force(agreement, dates, version)));
    for (number, (version, in_force)) in (0..).zip(versions) {
        let code = lowerer.version(number, version, in_force)?;
        lowerer.code.versions.push(code);
    }
    lowerer.kinds(agreement)?;
    for place in 0..lowerer.code.versions.len() {
        lowerer.code.versions[place].slots = lowerer.slots(&agreement.versions[place]);
    }
    Ok(lowerer.code)
}

/// From and until when a version is in force: nanoseconds, the end not in it.
fn in_force(agreement: &Agreement, dates: Dates, version: &Arc<Version>) -> (i64, i64) {
    if dates == Dates::NewestAlways {
        let is_newest = Arc::ptr_eq(version, agreement.newest());
        return if is_newest { (i64::MIN, i64::MAX) } else { (i64::MAX, i64::MIN) };
    }
    let days = &agreement.newest().calendar.days;
    let start = |day| days.start_of_day(day).map(nanos);
    let next =
        agreement.versions.iter().map(|other| other.in_force).filter(|from| *from > version.in_force).min();
    let until = [version.until, next].into_iter().flatten().min();
    let (first, last) = (samspill_base::calendar::FIRST_DAY, samspill_base::calendar::LAST_DAY);
    let end = days.end_of_day(last).map_or(i64::MAX, |end| nanos(end) + 1);
    let from = if version.in_force <= first { start(first) } else { start(version.in_force) };
    match (from, until) {
        (Err(_), _) => (i64::MAX, i64::MIN),
        (Ok(from), None) => (from, end),
        (Ok(from), Some(until)) if until > last => (from, end),
        (Ok(from), Some(until)) => (from, start(until).unwrap_or(i64::MIN)),
    }
}

/// The place of every id among all ids, in the order of the alphabet: findings are sorted by it.
fn ranks(agreement: &Agreement) -> BTreeMap<String, u32> {
    let mut ids: BTreeSet<&str> = BTreeSet::new();
    for version in &agreement.versions {
        ids.extend(version.kinds.keys().map(KindId::as_str));
        for duty in &version.duties {
            ids.insert(duty.id.as_str());
            ids.extend(duty.exceptions.iter().map(|exception| exception.id.as_str()));
        }
        ids.extend(version.requirements.iter().map(|rule| rule.id.as_str()));
        ids.extend(version.windows.iter().map(|rule| rule.id.as_str()));
        ids.extend(version.contents.iter().map(|rule| rule.id.as_str()));
        for meter in &version.meters {
            ids.insert(meter.id.as_str());
            ids.extend(meter.waivers.iter().map(|waiver| waiver.id.as_str()));
            let marks = meter.contestable.iter().chain(&meter.provisional);
            ids.extend(marks.map(|mark| mark.id.as_str()));
        }
    }
    ids.into_iter().map(str::to_owned).zip(0..).collect()
}

/// Numbers of ids that versions share.
struct Ids {
    duties: BTreeMap<String, u16>,
    meters: BTreeMap<String, u16>,
    phases: BTreeMap<String, u16>,
}

impl Ids {
    fn of(agreement: &Agreement) -> Self {
        let versions = || agreement.versions.iter();
        let numbered = |ids: BTreeSet<&str>| ids.into_iter().map(str::to_owned).zip(0..).collect();
        Self {
            duties: numbered(
                versions().flat_map(|version| &version.duties).map(|duty| duty.id.as_str()).collect(),
            ),
            phases: numbered(
                versions().flat_map(|version| &version.phases).map(|phase| phase.id.as_str()).collect(),
            ),
            meters: numbered(
                versions().flat_map(|version| &version.meters).map(|meter| meter.id.as_str()).collect(),
            ),
        }
    }
}

struct Lowerer<'l> {
    names: &'l Names,
    code: Code,
    ranks: BTreeMap<String, u32>,
    /// What tells rules of the same id apart.
    sources: BTreeMap<(u32, String, String), u32>,
    ids: Ids,
    /// The questions asked of each fact.
    questions: Vec<Vec<Test>>,
}

/// What lowering a version needs at hand.
struct Here<'v> {
    number: u32,
    version: &'v Version,
}

impl Here<'_> {
    fn hours(&self, id: &str) -> Option<u16> {
        self.version
            .hours
            .keys()
            .position(|other| other.as_str() == id)
            .and_then(|place| u16::try_from(place).ok())
    }

    fn day_kind(&self, kind: &DayKind) -> DayKindCode {
        day_kind(kind, |id| self.hours(id))
    }

    fn offset(&self, offset: &DayOffset) -> OffsetCode {
        OffsetCode { count: offset.count, of: self.day_kind(&offset.of), cut_off: offset.cut_off }
    }
}

impl Lowerer<'_> {
    fn version(
        &mut self,
        number: u32,
        version: &Arc<Version>,
        in_force: (i64, i64),
    ) -> Result<VersionCode, NoRoom> {
        let here = &Here { number, version };
        let phases = version.phases.iter().map(|phase| self.phase(phase)).collect::<Result<Vec<_>, _>>()?;
        let hours = self.hours(here)?;
        let requirements = self.requirements(here)?;
        let windows = self.windows(here)?;
        let contents = self.contents(here)?;
        let duties = self.duties(here)?;
        let meters = self.meters(here)?;
        let mut code = VersionCode {
            version: version.clone(),
            in_force,
            slots: Vec::new(),
            phases,
            hours,
            requirements,
            windows,
            contents,
            duties,
            meters,
            marked: 0,
        };
        code.find_marked();
        Ok(code)
    }

    /// The bit of a kind that a rule names.
    fn kind(&mut self, id: &KindId) -> Result<Kinds, NoRoom> {
        let named = &mut self.code.named_kinds;
        let place = named.iter().position(|other| other == id.as_str()).unwrap_or_else(|| {
            named.push(id.to_string());
            named.len() - 1
        });
        if place < NAMED_KINDS_MAX { Ok(1 << place) } else { Err(NoRoom) }
    }

    fn kinds_of<'k>(&mut self, ids: impl IntoIterator<Item = &'k KindId>) -> Result<Kinds, NoRoom> {
        ids.into_iter().try_fold(0, |kinds, id| Ok(kinds | self.kind(id)?))
    }

    fn rule(&mut self, here: &Here<'_>, id: &str, clause: &ClauseRef) -> RuleCode {
        let next = u32::try_from(self.sources.len()).unwrap_or(u32::MAX);
        let source = *self.sources.entry((here.number, id.to_owned(), clause.to_string())).or_insert(next);
        RuleCode {
            rule: self.names.rule(Some(here.number), &RuleId::new(id)).unwrap_or(u32::MAX),
            rank: self.ranks.get(id).copied().unwrap_or(u32::MAX),
            source,
        }
    }

    fn field_no(&mut self, name: &str) -> Result<u16, NoRoom> {
        if let Some(number) = self.code.fields.get(name) {
            return Ok(*number);
        }
        let number = u16::try_from(self.code.fields.len()).map_err(|_| NoRoom)?;
        self.code.fields.insert(name.to_owned(), number);
        Ok(number)
    }

    /// The slot of a fact: its number, which versions share.
    fn slot(&mut self, name: &FactName) -> Result<u16, NoRoom> {
        if let Some(slot) = self.code.facts.get(name.as_str()) {
            return Ok(*slot);
        }
        if self.questions.len() == FACTS_MAX {
            return Err(NoRoom);
        }
        let slot = u16::try_from(self.questions.len()).map_err(|_| NoRoom)?;
        self.questions.push(Vec::new());
        self.code.facts.insert(name.to_string(), slot);
        Ok(slot)
    }

    /// What a version makes of the facts that any version asks for.
    fn slots(&self, version: &Version) -> Vec<FactSlot> {
        let mut named: Vec<(&String, u16)> =
            self.code.facts.iter().map(|(name, slot)| (name, *slot)).collect();
        named.sort_by_key(|(_, slot)| *slot);
        named
            .into_iter()
            .zip(&self.questions)
            .map(|((name, _), atoms)| fact_slot(version, name, atoms))
            .collect()
    }

    fn fact_atom(&mut self, name: &FactName, test: &Test) -> Result<Cond, NoRoom> {
        let slot = self.slot(name)?;
        if *test == Test::IsKnown {
            return Ok(Cond::FactKnown { slot });
        }
        if let Some((other, same)) = other_fact(test) {
            let other = self.slot(other)?;
            return Ok(Cond::FactIsFact { slot, other, same });
        }
        let atoms = &mut self.questions[usize::from(slot)];
        let place = atoms.iter().position(|atom| atom == test).unwrap_or_else(|| {
            atoms.push(test.clone());
            atoms.len() - 1
        });
        let atom = u8::try_from(place).ok().filter(|atom| *atom < 64).ok_or(NoRoom)?;
        Ok(Cond::Fact { slot, atom })
    }

    fn field_atom(&mut self, name: &str, test: &Test) -> Result<u8, NoRoom> {
        self.field_no(name)?;
        let wanted = FieldAtom { field: name.to_owned(), test: test.clone() };
        let atoms = &mut self.code.field_atoms;
        let place = atoms.iter().position(|atom| *atom == wanted).unwrap_or_else(|| {
            atoms.push(wanted);
            atoms.len() - 1
        });
        u8::try_from(place).ok().filter(|place| usize::from(*place) < FIELD_ATOMS_MAX).ok_or(NoRoom)
    }

    fn cond(&mut self, here: &Here<'_>, condition: &Condition) -> Result<Cond, NoRoom> {
        Ok(match condition {
            Condition::Always => Cond::Always,
            Condition::Fact(name, test) => self.fact_atom(name, test)?,
            Condition::Field(name, test) => match other_fact(test) {
                None => Cond::Field { atom: self.field_atom(name, test)? },
                Some((other, same)) => {
                    Cond::FieldIsFact { field: self.field_no(name)?, other: self.slot(other)?, same }
                }
            },
            Condition::Has { kind, since } => {
                Cond::Has { kind: self.kind(kind)?, since: self.kinds_of(since)? }
            }
            Condition::InPhase(phase) => {
                Cond::InPhase(self.ids.phases.get(phase.as_str()).copied().ok_or(NoRoom)?)
            }
            Condition::Duty(state, duty) => {
                let duty = self.ids.duties.get(duty.as_str()).copied().ok_or(NoRoom)?;
                Cond::Duty { states: states(*state), duty }
            }
            Condition::Not(inner) => Cond::Not(Box::new(self.cond(here, inner)?)),
            Condition::All(parts) => Cond::All(self.conds(here, parts)?),
            Condition::Any(parts) => Cond::Any(self.conds(here, parts)?),
        })
    }

    fn conds(&mut self, here: &Here<'_>, parts: &[Condition]) -> Result<Box<[Cond]>, NoRoom> {
        parts.iter().map(|part| self.cond(here, part)).collect()
    }

    fn phase(&mut self, phase: &Phase) -> Result<PhaseCode, NoRoom> {
        let (from, until) = (self.kinds_of(&phase.from)?, self.kinds_of(&phase.until)?);
        let ignored = match phase.restart {
            Restart::Ignored => from & !until,
            Restart::GoesOn => 0,
        };
        let id = self.ids.phases.get(phase.id.as_str()).copied().ok_or(NoRoom)?;
        Ok(PhaseCode { id, from, until, ignored })
    }

    fn hours(&mut self, here: &Here<'_>) -> Result<Vec<HoursCode>, NoRoom> {
        here.version
            .hours
            .values()
            .map(|hours| {
                let conditional =
                    hours.rows.iter().map(|row| &row.when).filter(|when| **when != Condition::Always);
                let conditions = conditional.map(|when| self.cond(here, when)).collect::<Result<_, _>>()?;
                Ok(HoursCode { id: hours.id.to_string(), conditions })
            })
            .collect()
    }

    fn requirements(&mut self, here: &Here<'_>) -> Result<Vec<RequirementCode>, NoRoom> {
        here.version
            .requirements
            .iter()
            .map(|rule| {
                Ok(RequirementCode {
                    rule: self.rule(here, &rule.id, &rule.clause),
                    of: self.kinds_of(&rule.of)?,
                    when: self.cond(here, &rule.when)?,
                    needs: rule.needs.iter().map(|kind| self.kind(kind)).collect::<Result<_, _>>()?,
                    since: self.kinds_of(&rule.since)?,
                    ahead: rule.ahead,
                    within: rule.within,
                    that: self.cond(here, &rule.that)?,
                    effect: rule.effect,
                })
            })
            .collect()
    }

    fn windows(&mut self, here: &Here<'_>) -> Result<Vec<WindowCode>, NoRoom> {
        here.version
            .windows
            .iter()
            .map(|rule| {
                Ok(WindowCode {
                    rule: self.rule(here, &rule.id, &rule.clause),
                    of: self.kinds_of(&rule.of)?,
                    when: self.cond(here, &rule.when)?,
                    hours: here.hours(&rule.hours),
                    counts: rule.counts,
                    effect: rule.effect,
                })
            })
            .collect()
    }

    fn contents(&mut self, here: &Here<'_>) -> Result<Vec<ContentCode>, NoRoom> {
        here.version
            .contents
            .iter()
            .map(|rule| {
                let needs = rule.needs.iter().map(|field| self.field_atom(field, &Test::IsKnown));
                Ok(ContentCode {
                    needs: needs.collect::<Result<_, _>>()?,
                    rule: self.rule(here, &rule.id, &rule.clause),
                    of: self.kinds_of(&rule.of)?,
                    when: self.cond(here, &rule.when)?,
                    that: self.cond(here, &rule.that)?,
                })
            })
            .collect()
    }

    fn duties(&mut self, here: &Here<'_>) -> Result<Vec<DutyCode>, NoRoom> {
        here.version.duties.iter().map(|duty| self.duty(here, duty)).collect()
    }

    fn duty(&mut self, here: &Here<'_>, duty: &Duty) -> Result<DutyCode, NoRoom> {
        Ok(DutyCode {
            number: self.names.duty(here.number, duty.id.as_str()).unwrap_or(u32::MAX),
            id: self.ids.duties.get(duty.id.as_str()).copied().ok_or(NoRoom)?,
            rule: self.rule(here, &duty.id, &duty.clause),
            must: self.kinds_of(&duty.must)?,
            must_where: self.cond(here, &duty.must_where)?,
            after: duty.after.iter().map(|kind| self.kind(kind)).collect::<Result<_, _>>()?,
            after_any: self.kinds_of(&duty.after)?,
            when: self.cond(here, &duty.when)?,
            which: duty.which,
            each: duty.each,
            counts_from: duty.counts_from,
            fulfilled_at: duty.fulfilled_at,
            deadline: self.deadline(here, &duty.deadline)?,
            may_precede: duty.may_precede,
            pairing: match &duty.pairing {
                Pairing::Shared => PairingCode::Shared,
                Pairing::OneEach => PairingCode::OneEach,
                Pairing::ByReference(field) => PairingCode::ByReference(self.field_no(field)?),
            },
            waived_by: self.kinds_of(&duty.waived_by)?,
            suspended_by: duty
                .suspended_by
                .iter()
                .map(|rule| self.suspension(rule))
                .collect::<Result<_, _>>()?,
            reset_by: self.kinds_of(&duty.reset_by)?,
            exceptions: duty
                .exceptions
                .iter()
                .map(|exception| self.exception(here, exception))
                .collect::<Result<_, _>>()?,
        })
    }

    fn suspension(&mut self, rule: &Suspension) -> Result<(Kinds, Kinds), NoRoom> {
        Ok((self.kind(&rule.from)?, self.kinds_of(&rule.until)?))
    }

    fn exception(&mut self, here: &Here<'_>, exception: &Exception) -> Result<ExceptionCode, NoRoom> {
        Ok(ExceptionCode {
            rule: self.rule(here, &exception.id, &exception.clause),
            when: self.cond(here, &exception.when)?,
            deadline: exception
                .deadline
                .as_ref()
                .map(|deadline| self.deadline(here, deadline))
                .transpose()?,
        })
    }

    fn deadline(&mut self, here: &Here<'_>, deadline: &Deadline) -> Result<DeadlineCode, NoRoom> {
        let rule = match &deadline.rule {
            DeadlineRule::AtOnce => LimitCode::AtOnce,
            DeadlineRule::Elapsed(amount) => LimitCode::Elapsed(*amount),
            DeadlineRule::Within(amount, hours) => LimitCode::Within(*amount, here.hours(hours)),
            DeadlineRule::Days { amount, at } => LimitCode::Days { amount: *amount, at: *at },
            DeadlineRule::ClockOn { at, day, days_after, cut_off } => LimitCode::ClockOn {
                at: *at,
                day: here.day_kind(day),
                days_after: *days_after,
                cut_off: *cut_off,
            },
            DeadlineRule::BeforeKind(amount, kind) => LimitCode::BeforeKind(*amount, self.kind(kind)?),
            DeadlineRule::BeforeFact(amount, fact) => LimitCode::BeforeFact(*amount, self.slot(fact)?),
            DeadlineRule::FirstWorkingDayOfNextMonth => LimitCode::FirstWorkingDayOfNextMonth,
            DeadlineRule::LastDayOfMonth => LimitCode::LastDayOfMonth,
            DeadlineRule::DayOfNextMonth(day) => LimitCode::DayOfNextMonth(*day),
            DeadlineRule::Annual { month, day } => LimitCode::Annual { month: *month, day: *day },
        };
        let given = deadline.given.clone().map(|given| {
            let next = here.day_kind(&given.next);
            (given, next)
        });
        Ok(DeadlineCode { rule, given })
    }

    fn meters(&mut self, here: &Here<'_>) -> Result<Vec<MeterCode>, NoRoom> {
        here.version.meters.iter().map(|meter| self.meter(here, meter)).collect()
    }

    fn meter(&mut self, here: &Here<'_>, meter: &Meter) -> Result<MeterCode, NoRoom> {
        let rule = self.rule(here, &meter.id, &meter.clause);
        let stopping = meter.stops.iter().flat_map(|stop| &stop.kinds);
        Ok(MeterCode {
            number: self.names.meter(here.number, meter.id.as_str()).unwrap_or(u32::MAX),
            id: self.ids.meters.get(meter.id.as_str()).copied().ok_or(NoRoom)?,
            rule,
            counts: here.day_kind(&meter.counts),
            start: self.kinds_of(&meter.start.kinds)?,
            start_when: self.cond(here, &meter.start.when)?,
            start_rule: self.rule(here, &meter.id, &meter.start.clause),
            first_day: self.day_exprs(here, &meter.start.first_day)?,
            stopping: self.kinds_of(stopping)?,
            stops: self.stops(here, meter)?,
            liable: self.cond(here, &meter.liable)?,
            liable_duties: self.liable_duties(here, meter)?,
            waivers: self.waivers(here, meter)?,
            contestable: self.marks(here, &meter.contestable)?,
            provisional: self.marks(here, &meter.provisional)?,
            payer: meter.payer.as_ref().map(|fact| self.slot(fact)).transpose()?,
            payer_at: self.kinds_of(&meter.payer_at)?,
            rate: rate(here.version, &meter.rate),
            progression: meter.progression.clone(),
            free_days: meter.free_days,
        })
    }

    fn stops(&mut self, here: &Here<'_>, meter: &Meter) -> Result<Vec<StopCode>, NoRoom> {
        meter
            .stops
            .iter()
            .map(|stop| {
                Ok(StopCode {
                    rule: self.rule(here, &meter.id, &stop.clause),
                    kinds: self.kinds_of(&stop.kinds)?,
                    when: self.cond(here, &stop.when)?,
                    day: self.day_exprs(here, &stop.day)?,
                    last: stop.last,
                    effect: stop.effect,
                })
            })
            .collect()
    }

    fn liable_duties(&mut self, here: &Here<'_>, meter: &Meter) -> Result<Vec<LiableDuty>, NoRoom> {
        let mut duties = Vec::new();
        for id in crate::liability::named_duties(&meter.liable) {
            let Some(duty) = here.version.duty(id) else { continue };
            duties.push(LiableDuty {
                id: self.ids.duties.get(id.as_str()).copied().ok_or(NoRoom)?,
                after: self.kinds_of(&duty.after)?,
                counts_from: duty.counts_from,
            });
        }
        Ok(duties)
    }

    fn waivers(&mut self, here: &Here<'_>, meter: &Meter) -> Result<Vec<WaiverCode>, NoRoom> {
        meter
            .waivers
            .iter()
            .map(|waiver| {
                Ok(WaiverCode {
                    rule: self.rule(here, &waiver.id, &waiver.clause),
                    when: self.cond(here, &waiver.when)?,
                    at: self.kinds_of(&waiver.at)?,
                    test: match &waiver.test {
                        WaiverTest::Unless(kinds) => WaiverTestCode::Unless(self.kinds_of(kinds)?),
                        WaiverTest::IfWithin(kinds, amount, condition) => WaiverTestCode::IfWithin(
                            self.kinds_of(kinds)?,
                            *amount,
                            self.cond(here, condition)?,
                        ),
                    },
                })
            })
            .collect()
    }

    fn marks(
        &mut self,
        here: &Here<'_>,
        marks: &[samspill_agreement::model::Mark],
    ) -> Result<Vec<MarkCode>, NoRoom> {
        marks
            .iter()
            .map(|mark| {
                let rule = self.rule(here, &mark.id, &mark.clause);
                Ok(MarkCode { rule, when: self.cond(here, &mark.when)? })
            })
            .collect()
    }

    fn day_exprs(&mut self, here: &Here<'_>, days: &[DayExpr]) -> Result<Vec<DayExprCode>, NoRoom> {
        days.iter()
            .map(|day| {
                Ok(match day {
                    DayExpr::FromEntry(offset) => DayExprCode::FromEntry(here.offset(offset)),
                    DayExpr::FromKind(offset, kind) => {
                        DayExprCode::FromKind(here.offset(offset), self.kind(kind)?)
                    }
                    DayExpr::Field(offset, field) => {
                        DayExprCode::Field(here.offset(offset), self.field_no(field)?)
                    }
                    DayExpr::Fact(offset, fact) => {
                        let offset = here.offset(offset);
                        DayExprCode::Fact(offset, self.slot(fact)?)
                    }
                })
            })
            .collect()
    }

    /// All kinds of all versions, by every name that logs use for them.
    fn kinds(&mut self, agreement: &Agreement) -> Result<(), NoRoom> {
        let versions = agreement.versions.len();
        for (place, version) in agreement.versions.iter().enumerate() {
            let mut numbers: BTreeMap<&KindId, u16> = BTreeMap::new();
            for kind in version.kinds.values() {
                let number = u16::try_from(self.code.kinds.len()).map_err(|_| NoRoom)?;
                let code = self.kind_code(place, kind)?;
                self.code.has_cancels |= code.cancels.is_some();
                self.code.kinds.push(code);
                numbers.insert(&kind.id, number);
            }
            let called = version.kinds.values().flat_map(|kind| {
                std::iter::once(kind.id.as_str()).chain(kind.also_called.iter().map(String::as_str))
            });
            for name in called {
                let number = version.kind_called(name).and_then(|kind| numbers.get(&kind.id)).copied();
                let by_version = self.code.kinds_called.entry(name.to_owned());
                by_version.or_insert_with(|| vec![None; versions])[place] = number;
            }
        }
        Ok(())
    }

    fn kind_code(&mut self, version: usize, kind: &Kind) -> Result<KindCode, NoRoom> {
        let place = self.code.named_kinds.iter().position(|named| named == kind.id.as_str());
        let mut sets = Vec::new();
        for (name, to) in &kind.sets {
            let Some(fact) = self.code.facts.get(name.as_str()).copied() else { continue };
            let to = match to {
                SetTo::Value(value) => SetCode::Value(value.clone()),
                SetTo::Field(field) => SetCode::Field(self.field_no(field)?),
            };
            sets.push((fact, to));
        }
        let cancels = kind.cancels.as_ref().map(|cancels| self.field_no(&cancels.field)).transpose()?;
        let rule = RuleId::new(kind.id.as_str());
        let version = u32::try_from(version).ok();
        Ok(KindCode {
            bit: place.map_or(0, |place| 1 << place),
            foreknown: kind.foreknown,
            cancels,
            sets,
            fields: kind
                .fields
                .iter()
                .map(|(name, field)| (name.clone(), field.field_type.clone()))
                .collect(),
            rank: self.ranks.get(kind.id.as_str()).copied().unwrap_or(u32::MAX),
            rule: self.names.rule(version, &rule).unwrap_or(u32::MAX),
            rule_without_version: self.names.rule(None, &rule).unwrap_or(u32::MAX),
        })
    }
}

fn fact_slot(version: &Version, name: &str, atoms: &[Test]) -> FactSlot {
    let declared = version.facts.get(name);
    let mut slot = FactSlot {
        declared: declared.map(|fact| fact.fact_type.clone()),
        default: declared.and_then(|fact| fact.default.clone()),
        atoms: atoms.to_vec(),
        unsaid: Bits::default(),
    };
    slot.unsaid = slot.bits(None);
    slot
}

/// The other fact that a test compares with, and whether it must be the same.
fn other_fact(test: &Test) -> Option<(&FactName, bool)> {
    match test {
        Test::Is(Operand::Fact(other)) => Some((other, true)),
        Test::IsNot(Operand::Fact(other)) => Some((other, false)),
        Test::Is(Operand::Value(_))
        | Test::IsNot(Operand::Value(_))
        | Test::IsYes
        | Test::OneOf(_)
        | Test::Below(_)
        | Test::AtMost(_)
        | Test::Above(_)
        | Test::AtLeast(_)
        | Test::IsKnown => None,
    }
}

/// The statuses that are in a state, a bit each.
fn states(state: DutyState) -> u8 {
    let bits = DutyStatus::ALL.iter().filter(|status| status.is_in(state)).map(|status| status_bit(*status));
    bits.fold(0, |all, bit| all | bit)
}

/// The bit of a status.
pub(crate) fn status_bit(status: DutyStatus) -> u8 {
    match status {
        DutyStatus::Kept => 1,
        DutyStatus::Late => 2,
        DutyStatus::Missed => 4,
        DutyStatus::Open => 8,
        DutyStatus::Waived => 16,
    }
}

fn rate(version: &Version, rate: &Rate) -> RateCode {
    match rate {
        Rate::None => RateCode::None,
        Rate::Fixed(amount) => RateCode::Fixed(*amount),
        Rate::Dated(id) => {
            let amounts = version.values.get(id.as_str()).map_or(&[][..], |value| &value.amounts);
            let span = |amount: &samspill_agreement::model::DatedAmount| RateSpan {
                from: amount.from,
                until: amount.until,
                amount: (amount.certainty == Certainty::Certain).then_some(amount.amount),
            };
            RateCode::Dated(amounts.iter().map(span).collect())
        }
    }
}
