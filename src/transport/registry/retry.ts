/**
 * Returns the wait that a Retry-After field asks for, in milliseconds from `now` (RFC 9110, section 10.2.3:
 * seconds or a date); a field that is neither is as good as none.
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number.parseInt(value, 10) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
