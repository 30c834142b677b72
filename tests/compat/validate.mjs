/**
 * Checks recorded answers against Discord's description of its API: `node validate.mjs FOLDER`.
 *
 * Each line of each `.jsonl` file in the folder is an answer, `{ method, path, status, body }`. Prints each distinct
 * mismatch and a summary. Exits with 1 where an answer does not fit, and where there was none to check: a check that
 * looked at nothing has shown nothing.
 */

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { argv, exit } from 'node:process';
import * as z from 'zod/mini';
import { en } from 'zod/locales';
import { mismatches } from './validator/mismatch.mjs';
import { operationFor, readOperations, responseFor } from './validator/operations.mjs';

function readAnswers(folder) {
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  const lines = files.flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'));
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}

/** What is wrong with an answer, a line each. */
function complaints(operation, { status, body }) {
  const name = `${operation.method} ${operation.template} ${status}`;
  const schema = responseFor(operation, status);
  if (!schema) return [`${name}: the description has no such status`];
  return mismatches(schema, body).map(({ path, message }) => `${name}: ${path}: ${message}`);
}

/** Whether HTTP or a disk that fails speaks, and not the API: Discord describes no such answer. */
const isOfNoOperation = (status) => status === 431 || status >= 500;

function check(answers) {
  const operations = readOperations();
  const result = { checked: 0, operations: new Set(), undescribed: 0, failed: 0, complaints: new Set() };
  for (const answer of answers) {
    const operation = operationFor(operations, answer.method, answer.path);
    if (!operation || isOfNoOperation(answer.status)) {
      result.undescribed += 1;
      continue;
    }
    const found = complaints(operation, answer);
    result.checked += 1;
    result.operations.add(operation);
    result.failed += found.length > 0 ? 1 : 0;
    for (const complaint of found) result.complaints.add(complaint);
  }
  return result;
}

if (argv.length !== 3) {
  console.error('usage: node validate.mjs FOLDER');
  exit(2);
}
// The small build of zod comes without words.
z.config(en());
const { checked, operations, undescribed, failed, complaints: found } = check(readAnswers(argv[2]));
for (const complaint of [...found].sort()) console.log(complaint);
console.log(
  `${checked} answers checked against ${operations.size} operations, ${undescribed} not described, ${failed} failed`,
);
exit(failed === 0 && checked > 0 ? 0 : 1);
