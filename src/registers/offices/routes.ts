/** Binds the contracts of offices to queries and commands. */
import { type Route, route } from '../../platform/http.ts';
import * as commands from './commands.ts';
import * as contracts from './contract.ts';
import { findBarrable, findBars, listAbsences, listSuspensions } from './queries.ts';

export const routes: Route[] = [
  route(contracts.nameDeputy, ({ input, person, today, act }) =>
    act((tx) => commands.nameDeputy(tx, person, input, today)),
  ),
  route(contracts.takeLeave, ({ input, person, act }) => act((tx) => commands.takeLeave(tx, person, input))),
  route(contracts.returnFromLeave, ({ input, person, today, act }) =>
    act((tx) => commands.returnFromLeave(tx, person, input.id, today)),
  ),
  route(contracts.listAbsences, ({ input, today, act }) => act((tx) => listAbsences(tx, input, today))),
  route(contracts.suspend, ({ input, person, act }) => act((tx) => commands.suspend(tx, person, input))),
  route(contracts.liftSuspension, ({ input, person, today, act }) =>
    act((tx) => commands.lift(tx, person, 'suspension', input, today)),
  ),
  route(contracts.listSuspensions, ({ input, today, act }) => act((tx) => listSuspensions(tx, input, today))),
  route(contracts.findBarrable, ({ input, act }) => act((tx) => findBarrable(tx, input))),
  route(contracts.barPerson, ({ input, person, act }) => act((tx) => commands.barPerson(tx, person, input))),
  route(contracts.liftBar, ({ input, person, today, act }) =>
    act((tx) => commands.lift(tx, person, 'bar', input, today)),
  ),
  route(contracts.listBars, ({ input, today, act }) => act((tx) => findBars(tx, input, today))),
  route(contracts.listMyBars, ({ input, person, today, act }) =>
    act((tx) => findBars(tx, { ...input, person: person.personId }, today)),
  ),
  route(contracts.objectToBar, ({ input, person, today, act }) =>
    act((tx) => commands.objectToBar(tx, person, input, today)),
  ),
  route(contracts.answerObjection, ({ input, person, today, act }) =>
    act((tx) => commands.answerObjection(tx, person, input, today)),
  ),
];
