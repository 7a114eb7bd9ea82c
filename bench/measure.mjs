// Medians over several rounds; rounds of what is compared alternate, so that a noisy neighbour hurts both alike.
export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** `work` maps a name to a function that does one pass and returns the number of units it did. Units per second, medians by name. */
export function compare(work, { rounds = 7, msPerRound = 400 } = {}) {
  const rates = Object.fromEntries(Object.keys(work).map((name) => [name, []]));
  for (const run of Object.values(work)) for (let i = 0; i < 3; i += 1) run();
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(work)) {
      const start = performance.now();
      let units = 0;
      while (performance.now() - start < msPerRound) units += run();
      rates[name].push((units * 1000) / (performance.now() - start));
    }
  }
  return Object.fromEntries(Object.entries(rates).map(([name, values]) => [name, median(values)]));
}

export const thousands = (value) => `${(value / 1000).toFixed(value < 100_000 ? 1 : 0)} k`;

export function table(title, head, rows) {
  console.log(`\n### ${title}\n`);
  console.log(`| ${head.join(' | ')} |`);
  console.log(`|${head.map(() => '---').join('|')}|`);
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
}
