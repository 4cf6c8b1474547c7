/** The program must not start on this database or with these files; the message says what to do. */
export class StartRefused extends Error {}
