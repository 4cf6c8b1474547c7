export { issueDirective, passOnDirective, takeStep } from './commands.ts';
export { routes } from './routes.ts';
