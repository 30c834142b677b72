//! JSON for a form: what it asks for, now and then with something else in its place.

use arbitrary::{Result, Unstructured};
use decentra_core::community::form::{Field, FieldKind, WHOLE};
use serde_json::{Map, Value, json};

/// Elements of a list, at most: few, so that inputs stay small.
const ELEMENTS_MAX: usize = 3;

/// Something that `fields` may hold, mostly.
pub fn for_fields(u: &mut Unstructured<'_>, fields: &[Field]) -> Result<Value> {
    if let [whole] = fields
        && whole.key == WHOLE
    {
        return for_kind(u, &whole.kind);
    }
    let mut object = Map::new();
    for field in fields {
        if field.required || u.ratio(1, 2)? {
            object.insert(field.key.clone(), for_kind(u, &field.kind)?);
        }
    }
    Ok(Value::Object(object))
}

fn for_kind(u: &mut Unstructured<'_>, kind: &FieldKind) -> Result<Value> {
    if u.ratio(1, 16)? {
        return anything(u);
    }
    Ok(match kind {
        FieldKind::Text(chars) => text(u, *chars.start(), *chars.end())?,
        FieldKind::Number(bounds) => json!(u.int_in_range(bounds.clone())?),
        FieldKind::Flag => json!(u.arbitrary::<bool>()?),
        FieldKind::Id => json!(u.int_in_range(0..=9_u8)?.to_string()),
        FieldKind::Permissions => json!(u.arbitrary::<u64>()?.to_string()),
        FieldKind::Time => time(u)?,
        FieldKind::List(max, kind) => {
            let count = u.int_in_range(0..=ELEMENTS_MAX.min(*max))?;
            (0..count).map(|_| for_kind(u, kind)).collect::<Result<Vec<_>>>()?.into()
        }
        FieldKind::Form(fields) => for_fields(u, fields)?,
        FieldKind::Any => anything(u)?,
    })
}

fn text(u: &mut Unstructured<'_>, least: usize, most: usize) -> Result<Value> {
    let own = u.arbitrary::<&str>()?;
    let mut text: String = own.chars().take(most).collect();
    // Long ones are at the limit, or beyond it.
    match u.int_in_range(0..=15)? {
        0 => text = "x".repeat(most.min(10_000)),
        1 => text = "é".repeat(most.min(10_000) + 1),
        _ => text.extend(std::iter::repeat_n('x', least.saturating_sub(text.chars().count()))),
    }
    Ok(text.into())
}

fn time(u: &mut Unstructured<'_>) -> Result<Value> {
    let year = u.int_in_range(1_900..=2_200)?;
    let (month, day) = (u.int_in_range(1..=12)?, u.int_in_range(1..=31)?);
    Ok(format!("{year}-{month:02}-{day:02}T00:00:00Z").into())
}

fn anything(u: &mut Unstructured<'_>) -> Result<Value> {
    Ok(match u.int_in_range(0..=9)? {
        0 => Value::Null,
        1 => json!(u.arbitrary::<bool>()?),
        2 => json!(u.arbitrary::<i64>()?),
        3 => json!(u.arbitrary::<u64>()?),
        4 => json!(u.arbitrary::<f64>()?),
        5 => json!([]),
        6 => json!({}),
        7 => json!([u.arbitrary::<&str>()?, null, {}]),
        8 => json!({u.arbitrary::<&str>()?: u.arbitrary::<&str>()?}),
        _ => json!(u.arbitrary::<&str>()?),
    })
}
