use std::collections::BTreeMap;

use samspill_base::Value;

use super::{
    context::Context,
    gather::Gathered,
    get::{self, flag, scalar, strings, text_of},
    names::Sort,
    tests_of_types::{are_comparable, type_in_words},
};
use crate::{
    diagnostic::Code,
    grammar::is_reserved,
    model::{
        CancelsBy, Fact, FactName, FactType, Field, Foreknown, Kind, KindId, KindType, Party, PartyId, Phase,
        Restart, SetTo, Text,
    },
    syntax::{Item, Node, Table},
};

pub(super) fn parties(gathered: &Gathered) -> BTreeMap<PartyId, Party> {
    gathered
        .all_tables("party")
        .filter_map(|table| {
            let id = PartyId::from(table.str("id")?);
            Some((id.clone(), Party { name: get::name_or(table, &id), id }))
        })
        .collect()
}

impl Context<'_> {
    pub(super) fn lower_facts(&mut self, gathered: &Gathered) {
        for table in gathered.all_tables("fact") {
            if let Some(fact) = self.fact(table) {
                self.facts.insert(fact.id.clone(), fact);
            }
        }
    }

    fn fact(&mut self, table: &Table) -> Option<Fact> {
        let id = table.str("id")?;
        if is_reserved(id) {
            self.report
                .error(
                    Code::BadId,
                    super::spot_of_key(table, "id"),
                    format!("`{id}` is a word of the condition language and can't name a fact"),
                )
                .help(format!("for example `er-{id}`"));
        }
        let fact_type = self.value_type(table, "the fact")?;
        let default = table.get("default").and_then(scalar);
        if let (Some(value), Some(node)) = (&default, table.get("default")) {
            self.check_value(&format!("the fact `{id}`"), &fact_type, value, node.spot);
        }
        let name = get::name_or(table, id);
        let clause = get::clause(table, "clause");
        Some(Fact { id: FactName::new(id), name, fact_type, default, clause, place: self.place(table) })
    }

    /// `type = "date"` or `one_of = [...]`: exactly one of them.
    fn value_type(&mut self, table: &Table, what: &str) -> Option<FactType> {
        match (table.get("type"), table.get("one_of")) {
            (Some(node), None) => match node.as_str()? {
                "yes-no" => Some(FactType::Bool),
                "number" => Some(FactType::Number),
                "text" => Some(FactType::Text),
                "date" => Some(FactType::Date),
                "time" => Some(FactType::Time),
                _ => None,
            },
            (None, Some(_)) => {
                let words = strings(table, "one_of");
                if words.is_empty() {
                    self.contradiction(
                        super::spot_of_key(table, "one_of"),
                        format!("{what} can hold nothing: `one_of` is empty"),
                        "list the words that it may hold",
                    );
                }
                Some(FactType::OneOf(words))
            }
            _ => {
                self.contradiction(
                    table.spot,
                    format!("{what} needs exactly one of `type` and `one_of`"),
                    "write type = \"text\", or one_of = [\"…\", \"…\"]",
                );
                None
            }
        }
    }

    pub(super) fn lower_kinds(&mut self, gathered: &Gathered) {
        for table in gathered.all_tables("kind") {
            if let Some(kind) = self.kind(table) {
                self.kinds.insert(kind.id.clone(), kind);
            }
        }
    }

    fn kind(&mut self, table: &Table) -> Option<Kind> {
        let id = table.str("id")?;
        let fields = self.fields(table)?;
        let from = self.names(table, "from", Sort::Party);
        let to = self.names(table, "to", Sort::Party);
        let sets = self.sets(table, &fields);
        let cancels = self.cancels(table, &fields);
        Some(Kind {
            id: KindId::new(id),
            also_called: strings(table, "also_called"),
            name: get::name_or(table, id),
            kind_type: get::choice(
                table,
                "type",
                &[("message", KindType::Message), ("event", KindType::Event)],
            )?,
            from: from?,
            to: to?,
            code: table.str("code").map(str::to_owned),
            fields,
            sets: sets?,
            cancels: cancels?,
            foreknown: if flag(table, "foreknown") == Some(true) { Foreknown::Yes } else { Foreknown::No },
            place: self.place(table),
        })
    }

    fn fields(&mut self, table: &Table) -> Option<BTreeMap<String, Field>> {
        let Some(node) = table.get("fields") else { return Some(BTreeMap::new()) };
        let mut fields = BTreeMap::new();
        for entry in &node.as_table()?.entries {
            let field = entry.node.as_table()?;
            let field_type = self.value_type(field, &format!("the field `{}`", entry.key.name))?;
            let name = field.get("name").and_then(text_of).unwrap_or_else(|| Text::plain(&entry.key.name));
            fields.insert(entry.key.name.clone(), Field { name, field_type });
        }
        Some(fields)
    }

    fn sets(&mut self, table: &Table, fields: &BTreeMap<String, Field>) -> Option<BTreeMap<FactName, SetTo>> {
        let Some(node) = table.get("sets") else { return Some(BTreeMap::new()) };
        let mut sets = BTreeMap::new();
        let mut fine = true;
        for entry in &node.as_table()?.entries {
            let fact = entry.key.name.as_str();
            let Some(fact_type) = self.fact_type(fact, entry.key.spot) else {
                fine = false;
                continue;
            };
            match self.set_to(fact, &fact_type, &entry.node, fields) {
                Some(to) => drop(sets.insert(FactName::new(fact), to)),
                None => fine = false,
            }
        }
        fine.then_some(sets)
    }

    fn set_to(
        &mut self,
        fact: &str,
        fact_type: &FactType,
        node: &Node,
        fields: &BTreeMap<String, Field>,
    ) -> Option<SetTo> {
        if let Item::Table(table) = &node.item {
            let field = self.own_field(table, "field", fields)?;
            let field_type = &fields.get(&field)?.field_type;
            if are_comparable(fact_type, field_type) {
                return Some(SetTo::Field(field));
            }
            let message = format!(
                "the field `{field}` is {}, the fact `{fact}` is {}",
                type_in_words(field_type),
                type_in_words(fact_type)
            );
            self.report
                .error(Code::WrongValueType, node.spot, message)
                .help("declare both with the same type");
            return None;
        }
        let value: Value = scalar(node)?;
        self.check_value(&format!("the fact `{fact}`"), fact_type, &value, node.spot)
            .then_some(SetTo::Value(value))
    }

    #[expect(clippy::option_option, reason = "outer: whether it is right; inner: whether it is there")]
    fn cancels(&mut self, table: &Table, fields: &BTreeMap<String, Field>) -> Option<Option<CancelsBy>> {
        match table.table("cancels") {
            Some(by) => self.own_field(by, "field", fields).map(|field| Some(CancelsBy { field })),
            None => Some(None),
        }
    }

    /// A field that the kind itself declares.
    fn own_field(&mut self, table: &Table, key: &str, fields: &BTreeMap<String, Field>) -> Option<String> {
        let node = table.get(key)?;
        let field = node.as_str()?;
        if fields.contains_key(field) {
            return Some(field.to_owned());
        }
        let help = match crate::diagnostic::did_you_mean(field, fields.keys().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("add it: fields = {{ {field} = {{ type = \"text\" }} }}"),
        };
        self.report
            .error(Code::UnknownField, node.spot, format!("this kind has no field `{field}`"))
            .help(help);
        None
    }

    pub(super) fn phases(&mut self, gathered: &Gathered) -> Vec<Phase> {
        gathered.all_tables("phase").filter_map(|table| self.phase(table)).collect()
    }

    fn phase(&mut self, table: &Table) -> Option<Phase> {
        let id = table.str("id")?;
        let from = self.some_names(table, "from", Sort::Kind);
        let until = self.names(table, "until", Sort::Kind);
        let restart =
            get::choice(table, "restart", &[("goes-on", Restart::GoesOn), ("ignored", Restart::Ignored)]);
        let name = get::name_or(table, id);
        Some(Phase {
            id: id.into(),
            name,
            from: from?,
            until: until?,
            restart: restart?,
            place: self.place(table),
        })
    }
}
