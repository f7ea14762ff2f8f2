// node sanitise.js FILE: each line of FILE is an article as a JSON string. Prints what one costs each sanitiser of npm that is
// to be found (NODE_PATH), a line each: its name and CPU time in us, JIT and garbage collection included.
const fs = require('fs');
const articles = fs.readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean).map(line => JSON.parse(line));

const makers = {
  'sanitize-html': () => {
    const sanitize = require('sanitize-html');
    const options = {allowedTags: sanitize.defaults.allowedTags.concat(['img'])};
    return html => sanitize(html, options);
  },
  'DOMPurify with jsdom': () => {
    const {JSDOM} = require('jsdom');
    const purify = require('dompurify')(new JSDOM('').window);
    return html => purify.sanitize(html);
  },
};

for (const [name, make] of Object.entries(makers)) {
  let sanitise;
  try {
    sanitise = make();
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    continue;
  }
  const run = rounds => {
    for (let i = 0; i < rounds; ++i) {
      if (!sanitise(articles[i % articles.length]).includes('<p')) throw new Error(name + ' lost the paragraphs');
    }
  };
  run(500);
  const rounds = 1000;
  const before = process.cpuUsage();
  run(rounds);
  const used = process.cpuUsage(before);
  console.log(`${((used.user + used.system) / rounds).toFixed(1)} ${name}`);
}
