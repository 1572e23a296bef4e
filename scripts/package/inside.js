/** Packages that become part of the bundle instead of being installed beside it: why, docs/decisions/0011-libdeflate.md. */
export const INSIDE = ['libdeflate'];
