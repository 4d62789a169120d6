// A CommonJS consumer.

import { createIntercom } from 'modulex-intercom'

const intercom = createIntercom({ accessToken: 'x' })
void intercom.listTags().then(({ error }) => console.log(error?.length))
