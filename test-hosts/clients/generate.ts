// Generates the functions of @hey-api/openapi-ts, with imports that Node.js resolves as they are.
import { createClient } from '@hey-api/openapi-ts'

await createClient({
  input: './generated/openapi.json',
  output: { path: './generated/sdk', module: { extension: '.ts' } },
  logs: { file: false, level: 'silent' },
})
