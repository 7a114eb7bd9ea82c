// Medians over several rounds; rounds of what is compared alternate, so that a noisy neighbour hurts both alike.
export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** CPU time of this process so far, in milliseconds: that of the garbage collector's threads is in it, that of neighbours is not. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** `work` maps a name to a function that does one pass and returns the number of units it did. Units per CPU-second, medians by name. */
export function compare(work, { rounds = 7, msPerRound = 400 } = {}) {
  const rates = Object.fromEntries(Object.keys(work).map((name) => [name, []]));
  for (const run of Object.values(work)) for (let i = 0; i < 3; i += 1) run();
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(work)) {
      const start = performance.now();
      const cpuStart = cpuMs();
      let units = 0;
      while (performance.now() - start < msPerRound) units += run();
      rates[name].push((units * 1000) / (cpuMs() - cpuStart));
    }
  }
  return Object.fromEntries(Object.entries(rates).map(([name, values]) => [name, median(values)]));
}

export const thousands = (value) => `${(value / 1000).toFixed(value < 100_000 ? 1 : 0)} k`;

export function table(title, head, rows) {
  tableHead(title, head);
  for (const row of rows) tableRow(row);
}

/** A table whose rows take long is printed row by row. */
export function tableHead(title, head) {
  console.log(`\n### ${title}\n`);
  console.log(`| ${head.join(' | ')} |`);
  console.log(`|${head.map(() => '---').join('|')}|`);
}

export function tableRow(row) {
  console.log(`| ${row.join(' | ')} |`);
}
