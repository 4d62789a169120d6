// Node's test runner follows every promise, so as to say which test an exception that nobody caught belongs to: nine
// tenths of the time of a simulation. Not followed, such an exception fails its file.
import hooks from 'node:async_hooks'

if (process.env['NODE_TEST_CONTEXT'] !== undefined) {
  const unused = { enable: () => unused, disable: () => unused }
  Object.assign(hooks, { createHook: () => unused })
}
