// node scenarios.mjs --base URL --key KEY --dialect openai|anthropic [--model NAME] [--only a,b]
//   [--missing NAME] [--slow NAME] [--shaky NAME]
// Runs each scenario with the official client and prints one line of JSON for it:
//   {"scenario", "ok", "ms", ...what the client made of the answer}, or {"scenario", "ok": false, "ms", "error"}.
// A scenario that is about an error is ok when the error came. The exit status is 0 when all were run.
import { parseArgs } from 'node:util';
import * as openai from './openai.mjs';
import * as anthropic from './anthropic.mjs';

const { values: options } = parseArgs({
  options: {
    base: { type: 'string' },
    key: { type: 'string' },
    dialect: { type: 'string', default: 'openai' },
    model: { type: 'string', default: 'sample-model' },
    missing: { type: 'string', default: 'missing' },
    slow: { type: 'string', default: 'slow' },
    shaky: { type: 'string', default: 'shaky' },
    only: { type: 'string' },
  },
});
const dialects = { openai, anthropic };
if (!options.base || !options.key || !dialects[options.dialect]) {
  console.error('scenarios: --base, --key and --dialect openai|anthropic are needed');
  process.exit(2);
}

const dialect = dialects[options.dialect];
const client = dialect.connect(options);
const only = options.only?.split(',');
for (const [scenario, run] of Object.entries(dialect.scenarios)) {
  if (only && !only.includes(scenario)) continue;
  const start = performance.now();
  const done = (result) => console.log(JSON.stringify({ scenario, ms: Math.round(performance.now() - start), ...result }));
  try {
    done({ ok: true, ...(await run(client, options)) });
  } catch (error) {
    done({ ok: false, error: dialect.describe(error) });
  }
}
