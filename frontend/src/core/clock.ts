/** Durations, the same in every language: hours, minutes and seconds (webapp/models/labels.py). */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

/** Seconds to the end if all goes on as it went; null before anything can be said. */
export function remaining(done: number, total: number, seconds: number): number | null {
  return done > 0 && total > 0 ? (seconds / done) * Math.max(0, total - done) : null;
}
