/** Injection tokens and the one project that exists until keys tell projects apart. */
export const RETENTION = Symbol('retention');
export const ABOUT = Symbol('about');
export const DEFAULT_PROJECT = 1;
