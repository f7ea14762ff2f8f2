// node read.mjs FOLDER: what reading all feeds of FOLDER once costs feedsmith, where it is to be found (NODE_PATH): its name and
// CPU time in us, JIT and garbage collection included. Feeds that it refuses count with what refusing them took.
import fs from 'fs';
import {createRequire} from 'module';
import path from 'path';

let parseFeed;
try {
  ({parseFeed} = createRequire(import.meta.url)('feedsmith'));
} catch (error) {
  if (error.code !== 'MODULE_NOT_FOUND') throw error;
  process.exit(0);
}
const documents = fs.readdirSync(process.argv[2]).map(name => fs.readFileSync(path.join(process.argv[2], name), 'utf8'));
const run = () => {
  let refused = 0;
  for (const document of documents) {
    try {
      parseFeed(document);
    } catch {
      ++refused;
    }
  }
  return refused;
};
for (let i = 0; i < 3; ++i) run();
const rounds = 5;
const before = process.cpuUsage();
let refused = 0;
for (let i = 0; i < rounds; ++i) refused = run();
const used = process.cpuUsage(before);
console.log(`${((used.user + used.system) / rounds).toFixed(1)} feedsmith, ${refused} refused`);
