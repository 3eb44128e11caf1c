// Evaluates expressions.txt with the reference implementation and prints one result a line.
// npm install --prefix /tmp/jsonata-reference jsonata@2.0.6
// node engine/src/test/jsonata/expected.mjs /tmp/jsonata-reference > engine/src/test/resources/jsonata/expected.jsonl
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const jsonata = createRequire(join(resolve(process.argv[2]), 'x.js'))('jsonata');
const resources = join(dirname(fileURLToPath(import.meta.url)), '../resources/jsonata');
const document = readFileSync(join(resources, 'document.json'), 'utf8');

async function result(expression) {
  try {
    const value = await jsonata(expression).evaluate(undefined, { in: JSON.parse(document) });
    return value === undefined ? { undefined: true } : { value };
  } catch (error) {
    return { error: error.code, message: error.message };
  }
}

for (const line of readFileSync(join(resources, 'expressions.txt'), 'utf8').split('\n')) {
  if (line !== '' && !line.startsWith('#')) {
    console.log(JSON.stringify({ expression: line, ...(await result(line)) }));
  }
}
