//! The description of what we serve, made from the table of routes and from the code that reads the requests.

use decentra_core::community::Form;
use decentra_core::community::form::{Field, FieldKind, WHOLE};
use serde_json::{Map, Value, json};

use super::call::Call;
use super::reply::{ApiResult, Reply};
use super::route::{Access, Route, get};
use super::table;

/// What can go wrong with any call, and what it means.
const ERRORS: [(&str, &str); 8] = [
    ("400", "The request makes no sense"),
    ("401", "The token is missing or not known"),
    ("403", "The caller may not do this"),
    ("404", "There is no such thing, or the caller may not see it"),
    ("413", "The body is too long"),
    ("415", "The body is of a kind that is not taken"),
    ("429", "Too many calls, of the caller or of all together: wait as long as it says"),
    ("503", "Nothing can be stored now"),
];

/// The route of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![get("/openapi.json", "This description", show).for_anyone()]
}

async fn show(_call: Call) -> ApiResult {
    Reply::json(&document(&table::routes()))
}

/// The description of `routes`, in OpenAPI 3.1.
pub(crate) fn document(routes: &[Route]) -> Value {
    let mut paths = Map::new();
    for route in routes {
        let methods = paths.entry(route.path.to_owned()).or_insert_with(|| json!({}));
        methods[route.method.as_str().to_ascii_lowercase()] = operation(route);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Decentra",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What this server answers of Discord's public HTTP API, version 10.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/api/v10"}],
        "paths": paths,
        "x-gateway-events": decentra_core::wire::dispatch::NAMES,
        "components": {
            "schemas": {"Error": error_schema()},
            "securitySchemes": {
                "token": {
                    "type": "apiKey", "in": "header", "name": "Authorization",
                    "description": "`Bot TOKEN` for bots, `TOKEN` for people",
                },
            },
        },
    })
}

fn error_schema() -> Value {
    json!({
        "type": "object",
        "required": ["message", "code"],
        "properties": {
            "message": {"type": "string"},
            "code": {"type": "integer"},
            "errors": {"type": "object"},
            "retry_after": {"type": "number"},
            "global": {"type": "boolean"},
        },
    })
}

fn operation(route: &Route) -> Value {
    let mut operation = json!({
        "operationId": operation_id(route),
        "summary": route.summary,
        "parameters": parameters(route),
        "responses": responses(route),
    });
    if route.access != Access::Anyone {
        operation["security"] = json!([{"token": []}]);
    }
    if let Some(read) = &route.body {
        let schema = schema_of(&Form::fields_of(read));
        operation["requestBody"] = json!({"content": {"application/json": {"schema": schema}}});
    }
    operation
}

/// A name for an operation: its method, and its path without signs.
fn operation_id(route: &Route) -> String {
    let words = route.path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let path: Vec<&str> = words.collect();
    format!("{}_{}", route.method.as_str().to_ascii_lowercase(), path.join("_"))
}

fn parameters(route: &Route) -> Vec<Value> {
    let in_path = route.path.split(['{', '}']).skip(1).step_by(2).map(|name| {
        let is_id = name.ends_with("_id");
        let schema =
            if is_id { json!({"type": "string", "pattern": "^[0-9]{1,19}$"}) } else { text_schema(1, 100) };
        json!({"name": name, "in": "path", "required": true, "schema": schema})
    });
    let asked = route.query.as_ref().map(Form::fields_of).unwrap_or_default();
    let in_query = asked.iter().map(|field| {
        json!({"name": field.key, "in": "query", "required": field.required, "schema": kind_schema(&field.kind)})
    });
    in_path.chain(in_query).collect()
}

fn text_schema(least: usize, most: usize) -> Value {
    json!({"type": "string", "minLength": least, "maxLength": most})
}

fn responses(route: &Route) -> Value {
    let mut responses = Map::new();
    let mut well = json!({"description": "All is well"});
    if route.status != 204 {
        well["content"] = json!({"application/json": {"schema": {}}});
    }
    responses.insert(route.status.to_string(), well);
    for (status, meaning) in ERRORS {
        let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}});
        responses.insert(status.into(), json!({"description": meaning, "content": content}));
    }
    responses.into()
}

fn schema_of(fields: &[Field]) -> Value {
    if let [Field { key, kind, .. }] = fields
        && key == WHOLE
    {
        return kind_schema(kind);
    }
    let properties: Map<_, _> = fields
        .iter()
        .map(|field| (field.key.clone(), nullable(kind_schema(&field.kind), field.required)))
        .collect();
    let required: Vec<&str> =
        fields.iter().filter(|field| field.required).map(|field| field.key.as_str()).collect();
    json!({"type": "object", "properties": properties, "required": required})
}

/// A field that need not be there may as well be null.
fn nullable(schema: Value, required: bool) -> Value {
    if required || schema == json!({}) { schema } else { json!({"anyOf": [schema, {"type": "null"}]}) }
}

fn kind_schema(kind: &FieldKind) -> Value {
    match kind {
        FieldKind::Text(chars) => text_schema(*chars.start(), *chars.end()),
        FieldKind::Number(bounds) => {
            json!({"type": "integer", "minimum": bounds.start(), "maximum": bounds.end()})
        }
        FieldKind::Flag => json!({"type": "boolean"}),
        FieldKind::Id => json!({"type": "string", "pattern": "^[0-9]{1,18}$"}),
        FieldKind::Permissions => json!({"type": "string", "pattern": "^[0-9]{1,19}$"}),
        FieldKind::Time => json!({"type": "string", "format": "date-time"}),
        FieldKind::List(most, kind) => json!({"type": "array", "maxItems": most, "items": kind_schema(kind)}),
        FieldKind::Form(fields) => schema_of(fields),
        FieldKind::Any => json!({}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_described_as_it_is_read() {
        let document = document(&table::routes());
        let post = &document["paths"]["/channels/{channel_id}/messages"]["post"];
        let content = &post["requestBody"]["content"]["application/json"]["schema"]["properties"]["content"];
        assert_eq!(content["anyOf"][0]["maxLength"], 2_000);
        assert_eq!(post["parameters"][0]["name"], "channel_id");
    }

    #[test]
    fn no_two_operations_have_one_name() {
        let routes = table::routes();
        let mut names: Vec<String> = routes.iter().map(operation_id).collect();
        names.sort();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
