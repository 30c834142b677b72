import { readFileSync } from 'node:fs';
import { parse } from '@babel/parser';
import { schemaOf } from './schema.mjs';

/**
 * The operations of Discord's description: `{ method, template, segments, responses }`, the responses being zod
 * schemas by status (`200`, or `4XX`).
 *
 * `discord-api-spec` exports the schemas of the components, but which operation answers with which of them it tells
 * only as a type, `Paths`. So its TypeScript source is read.
 */
export function readOperations() {
  const source = readFileSync(new URL('discord-api-spec.ts', import.meta.resolve('discord-api-spec')), 'utf8');
  const { body } = parse(source, { sourceType: 'module', plugins: ['typescript'] }).program;
  const paths = body.find((node) => node.declaration?.id?.name === 'Paths').declaration.body.body;
  return paths.flatMap((path) => members(path).map((operation) => readOperation(nameOf(path), operation)));
}

function readOperation(template, operation) {
  const responses = members(operation).find((member) => nameOf(member) === 'responses');
  return {
    method: nameOf(operation).toUpperCase(),
    template,
    segments: template.split('/'),
    responses: new Map(members(responses).map((response) => [nameOf(response), schemaOf(typeOf(response))])),
  };
}

/** What only Discord's own clients call, and what looks like something that is described: no message is called `search`. */
const UNDESCRIBED = /^\/channels\/[^/]+\/messages\/search$/;

/** The operation that an HTTP request means, or undefined where the description has none. */
export function operationFor(operations, method, path) {
  const segments = path.replace(/\?.*/s, '').replace(/^\/api(\/v\d+)?(?=\/)/, '').split('/');
  if (UNDESCRIBED.test(segments.join('/'))) return undefined;
  return operations
    .filter((operation) => operation.method === method && fits(operation, segments))
    .reduce((best, operation) => (best && !isMoreLiteral(operation, best) ? best : operation), undefined);
}

/** The schema of an answer with this status; an exact status comes before its class. */
export function responseFor(operation, status) {
  return operation.responses.get(`${status}`) ?? operation.responses.get(`${Math.floor(status / 100)}XX`);
}

function fits({ segments: template }, segments) {
  return (
    template.length === segments.length &&
    template.every((segment, index) => isParameter(segment) || segment === segments[index])
  );
}

/** Whether `a`, where the two first differ in kind, has the literal and `b` the parameter: `@me` before `{user_id}`. */
function isMoreLiteral(a, b) {
  const differs = a.segments.findIndex((segment, index) => isParameter(segment) !== isParameter(b.segments[index]));
  return differs >= 0 && !isParameter(a.segments[differs]);
}

const isParameter = (segment) => segment.includes('{');
const nameOf = ({ key }) => key.name ?? key.value;
const typeOf = (member) => member.typeAnnotation.typeAnnotation;
const members = (member) => typeOf(member).members;
