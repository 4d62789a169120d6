import { createWorkspace } from './workspace/index.ts'
const w = await createWorkspace({ fixtures: process.argv[2] }).catch((e) => { console.log(e.message); process.exit(1) })
const get = async (p: string) => (await w.fetch(new Request('http://x' + p, { headers: { authorization: `Bearer ${w.accessToken}` } }))).json() as any
for (const p of process.argv.slice(3)) console.log(p, JSON.stringify(await get(p)).slice(0, 1800))
await w.close()
