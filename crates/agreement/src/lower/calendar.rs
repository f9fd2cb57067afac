use std::sync::Arc;

use jiff::{civil::Weekday, tz::TimeZone};
use samspill_base::calendar::{Closure, DayCalendar, HolidayDay, HolidayRule, InLieu, Weekdays};

use super::{
    context::Context,
    gather::{Gathered, LawTable},
    get::{self, date_of, flag, whole},
    spot_of_key,
};
use crate::{
    diagnostic::{Code, did_you_mean},
    grammar::{read_month_day, read_nth, read_on_or_after},
    model::{Calendar, HolidayName},
    syntax::{Node, Table},
    words,
};

const HOLIDAY_DAY_KEYS: [&str; 5] = ["easter", "date", "nth", "on_or_after", "once"];
const DEFAULT_ZONE: &str = "Europe/Oslo";

impl Context<'_> {
    pub(super) fn calendar(&mut self, gathered: &Gathered) -> Option<Calendar> {
        let table = gathered.own_tables("calendar").next();
        let zone_name = table.and_then(|table| table.str("zone")).unwrap_or(DEFAULT_ZONE).to_owned();
        let zone = self.zone(table, &zone_name);
        let weekdays = self.working_days(table);
        let holidays = self.holidays(gathered);
        let (zone, holidays) = (zone?, holidays?);
        let rules: Vec<HolidayRule> = holidays.iter().map(|holiday| holiday.rule.clone()).collect();
        match DayCalendar::new(zone.clone(), weekdays?, &rules, &[]) {
            Ok(days) => Some(Calendar { zone_name, zone, holidays, days: Arc::new(days) }),
            Err(error) => {
                let spot = table.map_or(gathered.start(), |table| spot_of_key(table, "working_days"));
                self.report.error(Code::BadHoliday, spot, error.to_string()).help(Code::BadHoliday.mend());
                None
            }
        }
    }

    fn zone(&mut self, table: Option<&Table>, name: &str) -> Option<TimeZone> {
        let zone = TimeZone::get(name).ok();
        if zone.is_none()
            && let Some(table) = table
        {
            let known: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
            let help = did_you_mean(name, known.iter().map(String::as_str)).map_or_else(
                || "write an IANA name such as Europe/Oslo".to_owned(),
                |near| format!("did you mean \"{near}\"?"),
            );
            self.report
                .error(
                    Code::UnknownZone,
                    spot_of_key(table, "zone"),
                    format!("there is no time zone \"{name}\""),
                )
                .help(help);
        }
        zone
    }

    fn working_days(&mut self, table: Option<&Table>) -> Option<Weekdays> {
        let Some(node) = table.and_then(|table| table.get("working_days")) else {
            return Some(Weekdays::range(Weekday::Monday, Weekday::Friday));
        };
        let days: Option<Weekdays> = node.items().iter().map(|day| words::weekday(day.as_str()?)).collect();
        if days == Some(Weekdays::NONE) {
            self.report
                .error(Code::MissingKey, node.spot, "`working_days` is an empty list")
                .help("name at least one weekday, or leave the key out for monday to friday");
            return None;
        }
        days
    }

    fn holidays(&mut self, gathered: &Gathered) -> Option<Vec<HolidayName>> {
        let of_laws: Vec<Option<HolidayName>> =
            gathered.law_tables("holiday").map(|law| self.law_holiday(&law)).collect();
        let own: Vec<Option<HolidayName>> =
            gathered.own_tables("holiday").map(|table| self.holiday(table)).collect();
        let all: Option<Vec<HolidayName>> = of_laws.into_iter().chain(own).collect();
        let holds = |rule: &HolidayRule| {
            rule.from_year.zip(rule.until_year).is_none_or(|(from, until)| from <= until)
        };
        all.map(|all| all.into_iter().filter(|holiday| holds(&holiday.rule)).collect())
    }

    /// A law's holiday holds in the years in which that version of the law is in force.
    fn law_holiday(&mut self, law: &LawTable<'_>) -> Option<HolidayName> {
        let mut holiday = self.holiday(law.table)?;
        holiday.rule.from_year = holiday.rule.from_year.max(law.from_year);
        holiday.rule.until_year = match (holiday.rule.until_year, law.until_year) {
            (Some(own), Some(other)) => Some(own.min(other)),
            (own, other) => own.or(other),
        };
        Some(holiday)
    }

    fn holiday(&mut self, table: &Table) -> Option<HolidayName> {
        let id = table.str("id")?;
        let year = |key| whole(table, key).and_then(|year| i16::try_from(year).ok());
        let (from_year, until_year) = (year("from_year"), year("until_year"));
        if from_year.zip(until_year).is_some_and(|(from, until)| from > until) {
            self.report
                .error(
                    Code::EndsBeforeStart,
                    spot_of_key(table, "until_year"),
                    format!("the holiday \"{id}\" ends before it begins"),
                )
                .help(
                    "`from_year` and `until_year` are both included: the first must not come after the last",
                );
            return None;
        }
        let day = self.holiday_day(table)?;
        let rule = HolidayRule {
            id: id.to_owned(),
            day,
            from_year,
            until_year,
            closed: if flag(table, "closed") == Some(false) { Closure::Never } else { Closure::Day },
            in_lieu: if table.get("in_lieu").is_some() { InLieu::NextFreeDay } else { InLieu::None },
        };
        Some(HolidayName { name: get::name_or(table, id), rule })
    }

    fn holiday_day(&mut self, table: &Table) -> Option<HolidayDay> {
        let set: Vec<&str> = HOLIDAY_DAY_KEYS.into_iter().filter(|key| table.get(key).is_some()).collect();
        let [key] = set.as_slice() else {
            let message = "a holiday needs exactly one of `easter`, `date`, `nth`, `on_or_after` and `once`";
            self.contradiction(
                spot_of_key(table, "id"),
                message,
                "write easter = -3, date = \"12-25\" or nth = \"first monday of may\"",
            );
            return None;
        };
        let node = table.get(key)?;
        match *key {
            "easter" => {
                let offset_days = i16::try_from(whole(table, "easter")?).ok()?;
                Some(HolidayDay::Easter { offset_days })
            }
            "once" => self.single_day(node),
            "date" => self.read_holiday(node, read_month_day),
            "nth" => self.read_holiday(node, read_nth),
            _ => self.read_holiday(node, read_on_or_after),
        }
    }

    fn single_day(&mut self, node: &Node) -> Option<HolidayDay> {
        let date = date_of(node)?;
        if (1900..=2199).contains(&date.year()) {
            return Some(HolidayDay::Date(date));
        }
        self.report
            .error(Code::BadHoliday, node.spot, format!("{date} is outside the years 1900 to 2199"))
            .help("calendars cover the years 1900 to 2199");
        None
    }

    fn read_holiday(
        &mut self,
        node: &Node,
        read: fn(&str) -> Result<HolidayDay, crate::GrammarError>,
    ) -> Option<HolidayDay> {
        let read = read(node.as_str()?);
        self.grammar(Code::BadHoliday, "day", node, read)
    }
}
