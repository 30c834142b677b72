//! The fields of a request's body, each checked, all errors told at once.
//!
//! Unknown keys are ignored, and a null is as good as nothing, except where it means to take something away.

use std::cell::RefCell;
use std::ops::RangeInclusive;

use decentra_model::text::{is_blank, is_control};
use decentra_model::{Id, Permissions, Timestamp};
use serde_json::{Map, Value};

use super::refusal::{FieldError, Refusal};

/// A JSON object that is being read. Reading goes on after an error, and [`Form::check`] tells them all.
#[derive(Debug)]
pub struct Form<'a> {
    fields: Option<&'a Map<String, Value>>,
    path: Vec<String>,
    errors: Vec<FieldError>,
    /// Whether it is a query, in which all values are texts, and a list is a key that stands there more than once.
    is_query: bool,
    /// The fields that were asked for, while it is being found out what a form takes.
    asked: Option<RefCell<Vec<Field>>>,
}

/// The key at which a body stands that is a list, not an object.
pub const WHOLE: &str = "";

/// A field that a form takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its key.
    pub key: String,
    /// What may stand there.
    pub kind: FieldKind,
    /// Whether it must be there.
    pub required: bool,
}

/// What may stand in a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// A text with so many characters.
    Text(RangeInclusive<usize>),
    /// A whole number within bounds.
    Number(RangeInclusive<i64>),
    /// Yes or no.
    Flag,
    /// A snowflake.
    Id,
    /// A set of permissions.
    Permissions,
    /// A moment.
    Time,
    /// At most so many of something.
    List(usize, Box<FieldKind>),
    /// A form within the form.
    Form(Vec<Field>),
    /// Anything.
    Any,
}

impl<'a> Form<'a> {
    /// The form in `body`. What is no object is an error.
    pub fn new(body: &'a Value) -> Self {
        Self::at(body, Vec::new())
    }

    /// The form in a query.
    pub fn of_query(query: &'a Value) -> Self {
        Self { is_query: true, ..Self::new(query) }
    }

    /// Whether it is the form in a query.
    pub fn is_query(&self) -> bool {
        self.is_query
    }

    /// The fields that `read` asks a form for.
    pub fn fields_of<T>(read: impl FnOnce(&mut Form<'a>) -> T) -> Vec<Field> {
        let mut form = Self { asked: Some(RefCell::default()), ..Self::at(&Value::Null, Vec::new()) };
        read(&mut form);
        form.asked.map(RefCell::into_inner).unwrap_or_default()
    }

    /// Notes that `key` was asked for, if that is to be found out.
    fn ask(&self, key: &str, kind: FieldKind) {
        let Some(asked) = &self.asked else { return };
        let mut asked = asked.borrow_mut();
        match asked.iter_mut().find(|field| field.key == key) {
            // Asked for again, by one that knows better what it is.
            Some(field) if field.kind == FieldKind::Any => field.kind = kind,
            Some(_) => {}
            None => asked.push(Field { key: key.to_owned(), kind, required: false }),
        }
    }

    fn at(body: &'a Value, path: Vec<String>) -> Self {
        let mut form =
            Self { fields: body.as_object(), path, errors: Vec::new(), is_query: false, asked: None };
        if form.fields.is_none() && !body.is_null() {
            let path = form.path.clone();
            let message = "Only dictionaries may be used in a DictType".into();
            form.errors.push(FieldError { path, code: "DICT_TYPE_CONVERT", message });
        }
        form
    }

    /// Refuses, if anything was wrong.
    pub fn check(&mut self) -> Result<(), Refusal> {
        if self.errors.is_empty() { Ok(()) } else { Err(Refusal::Form(std::mem::take(&mut self.errors))) }
    }

    /// Notes that `key` is wrong.
    pub fn refuse(&mut self, key: &str, code: &'static str, message: impl Into<String>) {
        let path = self.path_of(&[key]);
        self.errors.push(FieldError { path, code, message: message.into() });
    }

    /// Where the field at the end of `keys` stands, from the outside in.
    fn path_of(&self, keys: &[&str]) -> Vec<String> {
        let own = keys.iter().filter(|key| **key != WHOLE).map(|key| (*key).to_owned());
        self.path.iter().cloned().chain(own).collect()
    }

    /// Notes that `key` is wrong unless it is there, and has it told that it must be.
    pub fn require(&mut self, key: &str) {
        if self.value(key).is_none() {
            self.refuse(key, "BASE_TYPE_REQUIRED", "This field is required");
        }
        if let Some(asked) = &self.asked {
            let mut asked = asked.borrow_mut();
            asked.iter_mut().filter(|field| field.key == key).for_each(|field| field.required = true);
        }
    }

    /// The value of `key`, unless it is missing or null.
    pub fn value(&self, key: &str) -> Option<&'a Value> {
        self.ask(key, FieldKind::Any);
        let value = self.raw(key).filter(|value| !value.is_null())?;
        // In a query, what is no list may stand there more than once as well; then the last one counts.
        match value {
            Value::Array(values) if self.is_query => values.last(),
            value => Some(value),
        }
    }

    /// Whether `key` is there, if only as null.
    pub fn has(&self, key: &str) -> bool {
        self.raw(key).is_some()
    }

    fn raw(&self, key: &str) -> Option<&'a Value> {
        self.fields?.get(key)
    }

    /// What `read` makes of the value; `None` for a missing one, a null, and what `read` finds wrong.
    fn read<T>(
        &mut self,
        key: &str,
        kind: FieldKind,
        read: impl FnOnce(&'a Value) -> Result<T, Wrong>,
    ) -> Option<T> {
        self.ask(key, kind);
        match read(self.value(key)?) {
            Ok(value) => Some(value),
            Err((code, message)) => {
                self.refuse(key, code, message);
                None
            }
        }
    }

    /// What `read` makes of the field, and `Some(None)` for a null.
    fn patch<T>(&mut self, key: &str, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        match self.raw(key) {
            Some(Value::Null) => Some(None),
            // Read also when it is missing: so it is found out what it would have to be.
            _ => read(self).map(Some),
        }
    }

    fn required<T: Default>(&mut self, key: &str, read: impl FnOnce(&mut Self) -> Option<T>) -> T {
        self.require(key);
        read(self).unwrap_or_default()
    }

    /// A text with so many characters.
    pub fn text(&mut self, key: &str, chars: RangeInclusive<usize>) -> Option<String> {
        self.read(key, FieldKind::Text(chars.clone()), |value| text(value, chars))
    }

    /// A text that must be there.
    pub fn required_text(&mut self, key: &str, chars: RangeInclusive<usize>) -> String {
        self.required(key, |form| form.text(key, chars))
    }

    /// A text that a null takes away.
    pub fn patch_text(&mut self, key: &str, chars: RangeInclusive<usize>) -> Option<Option<String>> {
        self.patch(key, |form| form.text(key, chars))
    }

    /// What something is called: a text on one line, without the white space around it.
    pub fn name(&mut self, key: &str, chars: RangeInclusive<usize>) -> Option<String> {
        self.read(key, FieldKind::Text(chars.clone()), |value| {
            let printable = |given: &str| given.chars().filter(|c| !is_control(*c)).collect::<String>();
            let given = text(value, 0..=usize::MAX)?;
            let name = text(&Value::from(printable(&given).trim()), chars)?;
            if name.chars().all(is_blank) {
                return Err(("BASE_TYPE_REQUIRED", "This field is required".into()));
            }
            Ok(name)
        })
    }

    /// A name that must be there.
    pub fn required_name(&mut self, key: &str, chars: RangeInclusive<usize>) -> String {
        self.required(key, |form| form.name(key, chars))
    }

    /// A whole number within bounds.
    pub fn number(&mut self, key: &str, bounds: RangeInclusive<i64>) -> Option<i64> {
        self.read(key, FieldKind::Number(bounds.clone()), |value| number(value, bounds))
    }

    /// A number that must be there.
    pub fn required_number(&mut self, key: &str, bounds: RangeInclusive<i64>) -> i64 {
        self.required(key, |form| form.number(key, bounds))
    }

    /// A small number without a sign, as the model keeps it.
    pub fn small(&mut self, key: &str, bounds: RangeInclusive<u32>) -> Option<u32> {
        let bounds = i64::from(*bounds.start())..=i64::from(*bounds.end());
        self.number(key, bounds).and_then(|number| u32::try_from(number).ok())
    }

    /// A place in a list.
    pub fn position(&mut self, key: &str) -> Option<i32> {
        self.number(key, 0..=i64::from(i32::MAX)).and_then(|number| i32::try_from(number).ok())
    }

    /// Yes or no.
    pub fn flag(&mut self, key: &str) -> Option<bool> {
        let is_query = self.is_query;
        self.read(key, FieldKind::Flag, |value| {
            let word = value.as_str().filter(|_| is_query);
            let flag = match word.map(str::to_ascii_lowercase).as_deref() {
                Some("true" | "1") => Some(true),
                Some("false" | "0") => Some(false),
                _ => value.as_bool(),
            };
            flag.ok_or(("BOOLEAN_TYPE_CONVERT", "Must be either true or false.".into()))
        })
    }

    /// A snowflake.
    pub fn id(&mut self, key: &str) -> Option<Id> {
        self.read(key, FieldKind::Id, id)
    }

    /// A snowflake that must be there.
    pub fn required_id(&mut self, key: &str) -> Id {
        self.require(key);
        self.id(key).unwrap_or(Id::from_i64(0))
    }

    /// A snowflake that a null takes away.
    pub fn patch_id(&mut self, key: &str) -> Option<Option<Id>> {
        self.patch(key, |form| form.id(key))
    }

    /// A text without the white space around it, which does not count.
    pub fn trimmed(&mut self, key: &str, chars: RangeInclusive<usize>) -> Option<String> {
        self.read(key, FieldKind::Text(chars.clone()), |value| match value {
            Value::String(given) => text(&Value::from(given.trim()), chars),
            other => text(other, chars),
        })
    }

    /// Such a text that must be there.
    pub fn required_trimmed(&mut self, key: &str, chars: RangeInclusive<usize>) -> String {
        self.required(key, |form| form.trimmed(key, chars))
    }

    /// Whether nothing was found wrong yet.
    pub fn is_right(&self) -> bool {
        self.errors.is_empty() && self.asked.is_none()
    }

    /// Snowflakes, at most `max`, each once.
    pub fn ids(&mut self, key: &str, max: usize) -> Option<Vec<Id>> {
        let items = self.items(key, max, FieldKind::Id)?;
        let mut ids = Vec::with_capacity(items.len());
        for (nth, item) in items.iter().enumerate() {
            match id(item) {
                Ok(id) if !ids.contains(&id) => ids.push(id),
                Ok(_) => {}
                Err((code, message)) => self.refuse_item(key, nth, code, message),
            }
        }
        Some(ids)
    }

    /// Texts, at most `max`.
    pub fn texts(&mut self, key: &str, max: usize, chars: RangeInclusive<usize>) -> Option<Vec<String>> {
        let items = self.items(key, max, FieldKind::Text(chars.clone()))?;
        let mut texts = Vec::with_capacity(items.len());
        for (nth, item) in items.iter().enumerate() {
            match text(item, chars.clone()) {
                Ok(text) => texts.push(text),
                Err((code, message)) => self.refuse_item(key, nth, code, message),
            }
        }
        Some(texts)
    }

    /// Permissions.
    pub fn permissions(&mut self, key: &str) -> Option<Permissions> {
        self.read(key, FieldKind::Permissions, |value| {
            serde_json::from_value(value.clone())
                .map_err(|_| ("NUMBER_TYPE_COERCE", "Value is not a set of permissions.".into()))
        })
    }

    /// A moment that a null takes away.
    pub fn patch_time(&mut self, key: &str) -> Option<Option<Timestamp>> {
        self.patch(key, |form| form.time(key))
    }

    /// A moment.
    pub fn time(&mut self, key: &str) -> Option<Timestamp> {
        self.read(key, FieldKind::Time, |value| {
            value.as_str().and_then(Timestamp::parse).ok_or_else(|| {
                let message = "Value is not an ISO 8601 timestamp.".to_owned();
                ("DATE_TIME_TYPE_PARSE", message)
            })
        })
    }

    /// A form within the form.
    pub fn nested<T>(&mut self, key: &str, read: impl FnOnce(&mut Form<'a>) -> T) -> Option<T> {
        if self.asked.is_some() {
            self.ask(key, FieldKind::Form(Self::fields_of(read)));
            return None;
        }
        let value = self.value(key)?;
        let mut form = Self::at(value, self.path_of(&[key]));
        let read = read(&mut form);
        self.errors.append(&mut form.errors);
        Some(read)
    }

    /// A list of forms, at most `max`.
    pub fn list<T>(
        &mut self,
        key: &str,
        max: usize,
        mut read: impl FnMut(&mut Form<'a>) -> T,
    ) -> Option<Vec<T>> {
        if self.asked.is_some() {
            self.ask(key, FieldKind::List(max, Box::new(FieldKind::Form(Self::fields_of(read)))));
            return None;
        }
        let items = self.items(key, max, FieldKind::Any)?;
        let mut list = Vec::with_capacity(items.len());
        for (nth, item) in items.iter().enumerate() {
            let path = self.path_of(&[key, &nth.to_string()]);
            let mut form = Self::at(item, path);
            list.push(read(&mut form));
            self.errors.append(&mut form.errors);
        }
        Some(list)
    }

    /// The list that the whole body is, at most `max` forms. It stands at [`WHOLE`] of what is read.
    pub fn whole_list<T>(&mut self, max: usize, read: impl FnMut(&mut Form<'a>) -> T) -> Vec<T> {
        self.list(WHOLE, max, read).unwrap_or_default()
    }

    fn items(&mut self, key: &str, max: usize, kind: FieldKind) -> Option<&'a [Value]> {
        let kind = FieldKind::List(max, Box::new(kind));
        let items = if self.is_query {
            self.ask(key, kind);
            match self.raw(key)? {
                Value::Array(items) => items,
                one => std::slice::from_ref(one),
            }
        } else {
            self.read(key, kind, |value| {
                let items = value.as_array().map(Vec::as_slice);
                items.ok_or(("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType".into()))
            })?
        };
        if items.len() > max {
            self.refuse(key, "BASE_TYPE_MAX_LENGTH", format!("Must be {max} or fewer in length."));
            return None;
        }
        Some(items)
    }

    /// Notes that the `nth` item of the list at `key` is wrong.
    pub fn refuse_item(&mut self, key: &str, nth: usize, code: &'static str, message: String) {
        let path = self.path_of(&[key, &nth.to_string()]);
        self.errors.push(FieldError { path, code, message });
    }
}

/// Discord's word for what is wrong, and a sentence.
type Wrong = (&'static str, String);

fn text(value: &Value, chars: RangeInclusive<usize>) -> Result<String, Wrong> {
    let Some(text) = value.as_str() else {
        return Err(("STRING_TYPE_CONVERT", "Could not interpret value as string.".into()));
    };
    let (least, most) = (*chars.start(), *chars.end());
    let count = text.chars().count();
    if count > most && least > 0 {
        let message = format!("Must be between {least} and {most} in length.");
        return Err(("BASE_TYPE_BAD_LENGTH", message));
    }
    if count > most {
        return Err(("BASE_TYPE_MAX_LENGTH", format!("Must be {most} or fewer in length.")));
    }
    if count == 0 && least > 0 {
        return Err(("BASE_TYPE_REQUIRED", "This field is required".into()));
    }
    if count < least {
        return Err(("BASE_TYPE_BAD_LENGTH", format!("Must be between {least} and {most} in length.")));
    }
    if text.contains('\0') {
        return Err(("STRING_TYPE_REGEX", "A text cannot hold the character U+0000.".into()));
    }
    Ok(text.to_owned())
}

fn number(value: &Value, bounds: RangeInclusive<i64>) -> Result<i64, Wrong> {
    let whole = value.as_i64().or_else(|| value.as_str().and_then(|text| text.parse().ok()));
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a fraction of zero and a range check stand before it"
    )]
    let whole = whole.or_else(|| {
        value
            .as_f64()
            .filter(|number| number.fract() == 0.0 && number.abs() < 9e15)
            .map(|number| number as i64)
    });
    let Some(number) = whole else {
        return Err(("NUMBER_TYPE_COERCE", format!("Value \"{}\" is not int.", short(value))));
    };
    if number < *bounds.start() {
        let message = format!("int value should be greater than or equal to {}.", bounds.start());
        return Err(("NUMBER_TYPE_MIN", message));
    }
    if number > *bounds.end() {
        let message = format!("int value should be less than or equal to {}.", bounds.end());
        return Err(("NUMBER_TYPE_MAX", message));
    }
    Ok(number)
}

fn id(value: &Value) -> Result<Id, Wrong> {
    serde_json::from_value(value.clone())
        .map_err(|_| ("NUMBER_TYPE_COERCE", format!("Value \"{}\" is not snowflake.", short(value))))
}

/// The beginning of a value, to show what was meant.
fn short(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.chars().take(50).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn all_that_is_wrong_is_told_at_once_with_its_place() {
        let body = json!({"name": "", "embeds": [{}, {"title": 7}], "limit": 101});
        let mut form = Form::new(&body);
        form.required_text("name", 1..=100);
        form.required_text("topic", 0..=10);
        form.list("embeds", 10, |embed| embed.text("title", 0..=256));
        form.number("limit", 1..=100);
        let Err(Refusal::Form(errors)) = form.check() else { panic!("it is wrong") };
        let told: Vec<_> =
            errors.iter().map(|error| format!("{} {}", error.path.join("."), error.code)).collect();
        assert_eq!(
            told,
            [
                "name BASE_TYPE_REQUIRED",
                "topic BASE_TYPE_REQUIRED",
                "embeds.1.title STRING_TYPE_CONVERT",
                "limit NUMBER_TYPE_MAX"
            ]
        );
    }

    #[test]
    fn a_form_tells_what_it_takes() {
        let fields = Form::fields_of(|form| {
            form.required_text("name", 1..=100);
            form.list("embeds", 10, |embed| embed.patch_id("parent_id"));
        });
        let parent = Field { key: "parent_id".into(), kind: FieldKind::Id, required: false };
        let embeds = FieldKind::List(10, Box::new(FieldKind::Form(vec![parent])));
        assert_eq!(
            fields,
            [
                Field { key: "name".into(), kind: FieldKind::Text(1..=100), required: true },
                Field { key: "embeds".into(), kind: embeds, required: false },
            ]
        );
    }

    #[test]
    fn in_a_query_all_are_texts_and_a_list_is_a_key_that_stands_there_more_than_once() {
        let query = json!({"limit": "7", "pinned": "true", "author_id": ["5", "6", "5"], "channel_id": "8", "sort": ["a", "b"]});
        let mut form = Form::of_query(&query);
        assert_eq!((form.number("limit", 0..=9), form.flag("pinned")), (Some(7), Some(true)));
        assert_eq!(form.ids("author_id", 9), Some(vec![Id::from_i64(5), Id::from_i64(6)]));
        assert_eq!(form.ids("channel_id", 9), Some(vec![Id::from_i64(8)]));
        assert_eq!((form.text("sort", 0..=9).as_deref(), form.ids("none", 9)), (Some("b"), None));
        assert_eq!(form.check(), Ok(()));
        assert!(form.flag("limit").is_none() && form.check().is_err());
    }

    #[test]
    fn a_null_takes_away_and_a_missing_key_leaves() {
        let body = json!({"topic": null, "parent_id": 5});
        let mut form = Form::new(&body);
        assert_eq!(form.patch_text("topic", 0..=10), Some(None));
        assert_eq!(form.patch_text("name", 0..=10), None);
        assert_eq!(form.patch_id("parent_id"), Some(Some(Id::from_i64(5))));
        assert_eq!(form.check(), Ok(()));
    }
}
