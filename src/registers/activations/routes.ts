/** Binds the contracts of activations. */
import { type Route, route } from '../../platform/http.ts';
import * as commands from './commands.ts';
import * as contracts from './contract.ts';
import { readOwnersOfUnit, readVouchers } from './queries.ts';

export const routes: Route[] = [
  route(contracts.showActivation, async ({ system }) => ({ phone: system.sms !== undefined })),
  route(contracts.askPhoneCode, (asked) => commands.askPhoneCode(asked)),
  route(contracts.signInByPhone, (asked) => commands.signInByPhone(asked)),
  route(contracts.activate, (asked) => commands.activate(asked)),
  route(contracts.listOwnersOfUnit, ({ input, act }) => act((tx) => readOwnersOfUnit(tx, input.id))),
  route(contracts.issueLetter, (asked) => commands.issueLetter(asked)),
  route(contracts.openAtCounter, (asked) => commands.openAtCounter(asked)),
  route(contracts.vouch, (asked) => commands.vouch(asked)),
  route(contracts.listVouchers, ({ input, act }) => act((tx) => readVouchers(tx, input.id))),
  route(contracts.confirmVoucher, (asked) => commands.confirmVoucher(asked)),
  route(contracts.declineVoucher, (asked) => commands.declineVoucher(asked)),
];
