//! What is noted of a deed, so that others can see who did what.

use decentra_model::{AuditChange, AuditEntry, Event, Id};
use serde::Serialize;
use serde_json::Value;

use super::{Actor, Desk};

/// What is to be noted.
#[derive(Debug)]
pub struct Note {
    user_id: Id,
    action_type: u16,
    target_id: Option<Id>,
    reason: Option<String>,
    changes: Vec<AuditChange>,
    options: Option<Value>,
}

impl Note {
    /// That `actor` did what has this number, for a reason that they gave.
    pub fn new(actor: Actor, action_type: u16, reason: Option<String>) -> Self {
        let user_id = actor.user_id;
        Self { user_id, action_type, target_id: None, reason, changes: Vec::new(), options: None }
    }

    /// To what it was done.
    #[must_use]
    pub fn on(self, target: Id) -> Self {
        Self { target_id: Some(target), ..self }
    }

    /// What changed by it.
    #[must_use]
    pub fn with(self, changes: Vec<AuditChange>) -> Self {
        Self { changes, ..self }
    }

    /// More about it: an object of texts, as Discord has it.
    #[must_use]
    pub fn options(self, options: Value) -> Self {
        Self { options: Some(options), ..self }
    }

    /// Notes it in the audit log of `guild`.
    pub fn emit(self, desk: &mut Desk<'_>, guild: Id) {
        let Self { user_id, action_type, target_id, reason, changes, options } = self;
        let id = desk.new_id();
        let entry = AuditEntry { id, user_id, action_type, target_id, reason, changes, options };
        desk.emit(Event::Audited(guild, entry));
    }
}

/// The keys of a thing as we keep it, and what Discord calls them in the audit log.
pub type Keys = [(&'static str, &'static str)];

/// What of `keys` differs between two states of a thing. What was just made has no old state, what is gone no new one.
pub fn changes<T: Serialize>(old: Option<&T>, new: Option<&T>, keys: &Keys) -> Vec<AuditChange> {
    let object =
        |state: Option<&T>| state.and_then(|state| serde_json::to_value(state).ok()).unwrap_or_default();
    let (old, new) = (object(old), object(new));
    let change = |(key, told): &(&str, &str)| change(told, old.get(key).cloned(), new.get(key).cloned());
    keys.iter().filter_map(change).collect()
}

/// The change of one value; `None`, if it is the same. A null is as good as nothing.
pub fn change(key: &str, old: Option<Value>, new: Option<Value>) -> Option<AuditChange> {
    let old_value = old.filter(|value| !value.is_null());
    let new_value = new.filter(|value| !value.is_null());
    (old_value != new_value).then(|| AuditChange { key: key.into(), old_value, new_value })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_differs_is_noted() {
        let old = json!({"name": "a", "kind": 0, "topic": null});
        let new = json!({"name": "b", "kind": 0, "topic": null});
        let keys = [("name", "name"), ("kind", "type"), ("topic", "topic")];
        let name = |old: Option<&str>, new: Option<&str>| AuditChange {
            key: "name".into(),
            old_value: old.map(Value::from),
            new_value: new.map(Value::from),
        };
        assert_eq!(changes(Some(&old), Some(&new), &keys), [name(Some("a"), Some("b"))]);
        assert_eq!(changes(None, Some(&new), &keys)[0], name(None, Some("b")));
        assert_eq!(changes(Some(&old), None, &keys)[1].old_value, Some(json!(0)));
    }
}
