import { Busy, Empty, Problem } from '../shell/parts/small.tsx'
import { duration } from '../shell/parts/time.tsx'
import { Link, pathOf } from '../shell/router.tsx'
import { session } from '../shell/session.ts'
import { latencies, useRequests } from './requests.ts'
import { WideTable } from './wide-table.tsx'

/** How long each route takes. */
export function LatencyTable() {
  const { requests, problem, again } = useRequests()
  if (problem.value !== null) return <Problem onRetry={again}>{problem.value}</Problem>
  if (requests.value === null) return <Busy />
  const rows = latencies(requests.value)
  if (rows.length === 0)
    return <Empty says="How long each route takes shows here, as soon as there are requests." />
  const longest = Math.max(...rows.map(({ p95 }) => p95), 1e-9)
  return (
    <div class="page">
      <p class="quiet">
        {session.value?.local === true
          ? 'Of the latest thousand requests, as the local Intercom took to answer them, without the network.'
          : 'Of the latest thousand requests, from their transmission until the whole answer was there.'}
      </p>
      <WideTable label="Routes">
        <thead>
          <tr>
            <th scope="col">Route</th>
            <th scope="col" class="number">
              Requests
            </th>
            <th scope="col" class="number">
              Failed
            </th>
            <th scope="col" class="number">
              Half within
            </th>
            <th scope="col" class="number">
              95 % within
            </th>
            <th scope="col" class="number">
              Longest
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ route, count, failed, p50, p95, most }) => (
            <tr key={route}>
              <th scope="row" class="traffic-route">
                <Link to={pathOf('traffic', [], { q: route })}>{route}</Link>
                <span class="traffic-bar" style={{ width: `${Math.max(1, (p95 / longest) * 100)}%` }} />
              </th>
              <td class="number">{count}</td>
              <td class="number">{failed === 0 ? <span class="quiet">0</span> : <b>{failed}</b>}</td>
              <td class="number">{duration(p50)}</td>
              <td class="number">{duration(p95)}</td>
              <td class="number">{duration(most)}</td>
            </tr>
          ))}
        </tbody>
      </WideTable>
    </div>
  )
}
