/* peer_ws.js
 * What npm's ws says of a case, for compare.py: one JSON array of cases in, one of answers out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
'use strict';

const path = require('path');

/* npm's copy beside this file, else Debian's node-ws, which exports neither of the two by name. */
function findWs() {
  try {
    return path.dirname(require.resolve('ws'));
  } catch (error) {
    return '/usr/share/nodejs/ws';
  }
}

const lib = path.join(findWs(), 'lib');
const PerMessageDeflate = require(path.join(lib, 'permessage-deflate.js'));
const extension = require(path.join(lib, 'extension.js'));

const DEFLATE = PerMessageDeflate.extensionName;

/* What ws has to be told so that it makes this offer; null where it cannot make it. */
function clientOptions(params) {
  const options = { isServer: false, clientMaxWindowBits: false };

  for (const [name, value] of params) {
    if (name === 'server_no_context_takeover') options.serverNoContextTakeover = true;
    else if (name === 'client_no_context_takeover') options.clientNoContextTakeover = true;
    else if (name === 'server_max_window_bits') options.serverMaxWindowBits = Number(value);
    else options.clientMaxWindowBits = value === null ? undefined : Number(value);
  }
  return options;
}

/* As the client's handshake in lib/websocket.js goes about it. */
function takesResponse(params, response) {
  const extensions = extension.parse(response);
  const names = Object.keys(extensions);

  if (names.length !== 1 || names[0] !== DEFLATE) throw new Error('not requested');
  new PerMessageDeflate(clientOptions(params)).accept(extensions[DEFLATE]);
  return true;
}

/* As the server's handshake in lib/websocket-server.js goes about it. */
function takesOffer(offer) {
  const extensions = extension.parse(offer);

  /* Older versions of ws take the role from the second argument. */
  new PerMessageDeflate({ isServer: true }, true).accept(extensions[DEFLATE]);
  return true;
}

function answer(item) {
  try {
    if (item.kind === 'parse') return extension.parse(item.value);
    if (item.kind === 'offer') return takesOffer(item.value);
    return takesResponse(item.params, item.response);
  } catch (error) {
    return null;
  }
}

const chunks = [];

process.stdin.on('data', (chunk) => chunks.push(chunk));
process.stdin.on('end', () => {
  const cases = JSON.parse(Buffer.concat(chunks).toString());

  process.stdout.write(JSON.stringify(cases.map(answer)));
});
