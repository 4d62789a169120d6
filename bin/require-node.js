// Plain, old JavaScript on purpose: it has to run on the Node.js it rejects.
var oldest = [22, 19]
var current = process.versions.node.split('.').map(Number)
if (current[0] < oldest[0] || (current[0] === oldest[0] && current[1] < oldest[1])) {
  process.stderr.write(
    'modulex-intercom needs Node.js ' +
      oldest.join('.') +
      ' or newer; this is ' +
      process.version +
      '. ' +
      'In a clone, `npm ci` brings a current one and `npm run …` uses it.\n',
  )
  process.exit(1)
}
