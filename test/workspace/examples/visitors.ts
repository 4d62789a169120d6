import { always, fresh, type Situations } from './situation.ts'

const phone = '+353832345678'

/** Visitors, whom only the control API makes, and the phone switch. */
export const visitorSituations: Situations = {
  'GET /visitors 200 successful': fresh(async ({ workspace }) => ({
    path: `/visitors?user_id=${workspace.control.createVisitor().user_id}`,
  })),
  'GET /visitors 404 Visitor not found': always('/visitors?user_id=fail'),
  'PUT /visitors 200 successful': fresh(async ({ workspace }) => ({
    path: '/visitors',
    body: { id: workspace.control.createVisitor().id, name: 'Gareth Bale' },
  })),
  'PUT /visitors 404 visitor Not Found': always('/visitors', { user_id: 'fail', name: 'Christian Fail' }),
  'POST /visitors/convert 200 successful': fresh(async ({ workspace }) => ({
    path: '/visitors/convert',
    body: {
      visitor: { user_id: workspace.control.createVisitor().user_id },
      user: { email: 'foo@bar.com' },
      type: 'user',
    },
  })),
  'POST /phone_call_redirects 200 successful': always('/phone_call_redirects', { phone }),
  'POST /phone_call_redirects 400 bad request - invalid number': always('/phone_call_redirects', {
    phone: '12',
  }),
}
