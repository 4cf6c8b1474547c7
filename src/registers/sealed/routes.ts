/** Binds the contracts of sealed fields to queries and commands. */
import { type Route, route } from '../../platform/http.ts';
import { askErasure, decideErasure, openPhone } from './commands.ts';
import * as contracts from './contract.ts';
import { findReadings, listErasures, listEvents } from './queries.ts';

export const routes: Route[] = [
  route(contracts.showPhone, ({ input, system, act }) =>
    act((tx) => openPhone(tx, system.sealing, input.id, { kind: 'browsing', reason: input.reason })),
  ),
  route(contracts.showMyPhone, ({ person, system, act }) =>
    act((tx) => openPhone(tx, system.sealing, person.personId, 'own')),
  ),
  route(contracts.listReadings, ({ input, act }) => act((tx) => findReadings(tx, input))),
  route(contracts.listReadingsOfMe, ({ input, person, act }) =>
    act((tx) => findReadings(tx, { ...input, ofMe: person.personId })),
  ),
  route(contracts.askErasure, ({ input, person, today, act }) => act((tx) => askErasure(tx, person, input, today))),
  route(contracts.listErasures, ({ input, act }) => act((tx) => listErasures(tx, input))),
  route(contracts.decideErasure, ({ input, person, today, act }) =>
    act((tx) => decideErasure(tx, person, input, today)),
  ),
  route(contracts.listEvents, ({ input, act }) => act((tx) => listEvents(tx, input))),
];
