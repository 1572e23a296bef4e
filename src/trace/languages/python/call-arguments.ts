/** Returns the arguments of the call whose opening bracket ends just before `start`, each trimmed. */
export function callArguments(code: string, start: number): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = start;
  for (let at = start; at < code.length; at++) {
    const character = code[at] ?? '';
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) {
      if (depth-- === 0) {
        parts.push(code.slice(from, at));
        return parts.map((part) => part.trim()).filter((part) => part !== '');
      }
    } else if (character === ',' && depth === 0) {
      parts.push(code.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(code.slice(from));
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}
