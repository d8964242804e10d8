import { inconclusive, sayProblems, type StandardCheck } from '../conclusion';
import { count, list } from '../text';

const expected = 'the login enters the server and every database that can be entered';

/** Can the restored server be entered, and each of its databases? */
export const connect: StandardCheck = {
  conclude(view) {
    const { server } = view;
    if (!server) return inconclusive(expected, 'the server was not looked at');
    const seen = [...view.of('server'), ...view.of('database')];
    const problems = view.problemsOf('database');
    const refused = server.refused.map((database) => ({
      database: '',
      problem: {
        reason: 'privilege' as const,
        message: 'permission denied',
        lacks: [{ right: 'connect' as const, database }],
      },
    }));
    if (refused.length > 0 || problems.length > 0) {
      const said = [
        ...refused.map(({ problem }) => ({ problem, place: `database ${view.shown(problem.lacks[0].database)}` })),
        ...problems.map(({ problem, database }) => ({ problem, place: `database ${view.shown(database)}` })),
      ];
      return inconclusive(expected, sayProblems(said), { of: seen, problems: [...refused, ...problems] });
    }
    if (server.databases.length === 0)
      return inconclusive(expected, 'there is no database that the login may enter', { of: seen });
    const gap = view.gap();
    if (gap) return inconclusive(expected, gap, { of: seen });
    const closed =
      server.closed.length > 0
        ? `; closed to everyone, not looked at: ${list(server.closed.map((name) => view.shown(name)))}`
        : '';
    const names = list(server.databases.map((name) => view.shown(name)));
    return {
      status: 'pass',
      expected,
      observed: `entered ${count(server.databases.length, 'database')} as ${view.shown(server.login)}: ${names}${closed}`,
      of: seen,
    };
  },
};
