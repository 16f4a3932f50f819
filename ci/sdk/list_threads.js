// Lists all threads and messages with HubSpot's Node SDK, and prints what it found as JSON.
//
// usage: node list_threads.js BASE_URL TOKEN VERSION
'use strict'

const { createHash } = require('node:crypto')
const { createRequire } = require('node:module')
const path = require('node:path')

// The SDK is installed where the command is run.
const sdk = createRequire(path.join(process.cwd(), 'package.json'))
const { Client } = sdk('@hubspot/api-client')
const { getAll } = sdk('@hubspot/api-client/lib/src/services/getAll')

const MESSAGES_PER_PAGE = 5

const ROOTS = {
  v3: '/conversations/v3/conversations',
  '2026-09': '/conversations/conversations/2026-09',
}

async function answer(client, request) {
  const response = await client.apiRequest(request)
  if (response.status !== 200) {
    throw new Error(`${request.path}: ${response.status} ${await response.text()}`)
  }
  return response.json()
}

// A list of the API, as the SDK's pager wants it.
function list(client, listPath) {
  const cursors = new Set()
  return {
    async getPage(limit, after) {
      const qs = { limit }
      if (after !== undefined) {
        if (cursors.has(after)) {
          throw new Error(`${listPath}: the same cursor came twice, so the list never ends`)
        }
        cursors.add(after)
        qs.after = after
      }
      return answer(client, { path: listPath, qs })
    },
  }
}

async function main() {
  const [basePath, accessToken, version] = process.argv.slice(2)
  const client = new Client({ accessToken, basePath })
  const root = ROOTS[version]

  const threads = (await getAll(list(client, `${root}/threads`))).map((thread) => thread.id)
  const messages = []
  const creators = new Set()
  for (const thread of threads) {
    const listPath = `${root}/threads/${thread}/messages`
    for (const message of await getAll(list(client, listPath), MESSAGES_PER_PAGE)) {
      if (message.conversationsThreadId !== thread) {
        throw new Error(`${listPath}: a message of another thread`)
      }
      messages.push(message.id)
      creators.add(message.createdBy)
    }
  }

  const inputs = [...creators].sort().slice(0, 100)
  const batch = await answer(client, {
    method: 'POST',
    path: `${root}/actors/batch/read`,
    body: { inputs },
  })
  if (batch.results.map((actor) => actor.id).join() !== inputs.join()) {
    throw new Error('batch read: not every actor was found')
  }

  const visitor = { email: 'visitor@example.com' }
  const { token } =
    await client.conversations.visitorIdentification.generateApi.generateToken(visitor)
  if (!token) {
    throw new Error('visitor identification: no token')
  }

  const distinct = [...new Set([...threads, ...messages])].sort()
  const found = {
    threads: threads.length,
    distinct_threads: new Set(threads).size,
    messages: messages.length,
    distinct_messages: new Set(messages).size,
    ids: createHash('sha256').update(distinct.join('\n')).digest('hex'),
  }
  console.log(JSON.stringify(found))
}

main().catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})
