export { conditionSql, type FiledSql } from './condition-sql.ts';
export { type FoundSubject, findSubject, subjectsInSight, subjectsOn } from './queries.ts';
