/** How often this process came to other work: a count, and what ends it. */
export function countTurns(): [() => number, () => void] {
  let count = 0;
  let going = true;
  const turn = () => {
    if (!going) return;
    count++;
    setImmediate(turn);
  };
  setImmediate(turn);
  return [() => count, () => (going = false)];
}
