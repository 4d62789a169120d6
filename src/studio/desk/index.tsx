import { Empty } from '../shell/parts/small.tsx'

export function View() {
  return <Empty says="Nothing here yet." />
}
