import * as schemas from 'discord-api-spec/zod';
import * as z from 'zod/mini';

/**
 * The zod schema of a type as it stands in the package's `Paths`, which uses but a small part of TypeScript.
 * What it does not know is an error, so that a newer package is not half understood.
 */
export function schemaOf(type) {
  switch (type.type) {
    case 'TSTypeReference':
      return named(type.typeName.name);
    case 'TSArrayType':
      return z.array(schemaOf(type.elementType));
    case 'TSUnionType':
      return z.union(type.types.map(schemaOf));
    case 'TSParenthesizedType':
      return schemaOf(type.typeAnnotation);
    case 'TSTypeLiteral':
      return dictionary(type);
    case 'TSNullKeyword':
      return z.null();
    case 'TSStringKeyword':
      return z.string();
    case 'TSNumberKeyword':
      return z.number();
    case 'TSUnknownKeyword':
      // The package writes this, and only this, for an answer without a body.
      return z.null();
    default:
      throw new Error(`a response of a type that is not known here: ${type.type}`);
  }
}

function named(name) {
  const schema = schemas[`${name}Schema`];
  if (!schema) throw new Error(`discord-api-spec has no schema for ${name}`);
  return schema;
}

/** `{ [key: string]: T }`. */
function dictionary({ members: [index, ...more] }) {
  if (index.type !== 'TSIndexSignature' || more.length > 0) throw new Error('a response with properties of its own');
  return z.record(z.string(), schemaOf(index.typeAnnotation.typeAnnotation));
}
