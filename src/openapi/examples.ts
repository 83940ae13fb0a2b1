export const EXAMPLES: Record<string, { body?: unknown; answer?: unknown }> = {};
export const CSV: Record<string, string> = {};
export const TEXTS: Record<string, string> = {};
