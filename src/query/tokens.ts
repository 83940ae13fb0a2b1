/** Injection tokens. */
export const RETENTION = Symbol('retention');
export const ABOUT = Symbol('about');
