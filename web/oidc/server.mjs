// A login provider that enforces what HelseID does: pushed requests, PKCE, private_key_jwt, DPoP with nonces.
//
// It reads its settings as one line of JSON from standard input, writes its address as one line of JSON, and ends when its input ends.
//   { origin, machine: { audience, scope }, clients: [{ id, kind: "people" | "machine" | "bearer", key: <public JWK> }] }
// Nobody types a password: /login?uid=… logs in whom `as` names, or breaks off if it is "nobody".

import * as crypto from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

import Provider, { errors } from 'oidc-provider';

// What it says of itself is for who runs it for real.
console.info = () => {};
console.warn = () => {};

function privateJwk(kid) {
  const { privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid, use: 'sig' };
}

function client(origin, { id, kind, key }) {
  const common = {
    client_id: id,
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [key] },
    dpop_bound_access_tokens: kind !== 'bearer',
  };
  if (kind !== 'people') {
    return { ...common, grant_types: ['client_credentials'], response_types: [], redirect_uris: [] };
  }
  return {
    ...common,
    grant_types: ['authorization_code'],
    response_types: ['code'],
    redirect_uris: [`${origin}/oidc/svar`],
    post_logout_redirect_uris: [`${origin}/logg-inn?ut=ja`],
    backchannel_logout_uri: `${origin}/oidc/utlogging`,
    backchannel_logout_session_required: true,
    id_token_signed_response_alg: 'PS256',
    require_pushed_authorization_requests: true,
  };
}

// People and what is told of them: the id itself, and a number in the register of health personnel.
async function findAccount(_ctx, id) {
  return { accountId: id, claims: async () => ({ sub: id, hpr_number: `hpr-${id}`, security_level: id === 'weak' ? '3' : '4' }) };
}

async function loadExistingGrant(ctx) {
  const grant = new ctx.oidc.provider.Grant({
    clientId: ctx.oidc.client.clientId,
    accountId: ctx.oidc.session.accountId,
  });
  grant.addOIDCScope('openid profile');
  await grant.save();
  return grant;
}

function configuration({ origin, machine, clients }) {
  return {
    clients: clients.map((one) => client(origin, one)),
    jwks: { keys: [privateJwk('a')] },
    cookies: { keys: [crypto.randomBytes(32).toString('hex')] },
    enabledJWA: {
      clientAuthSigningAlgValues: ['ES256', 'PS256'],
      dPoPSigningAlgValues: ['ES256'],
      idTokenSigningAlgValues: ['PS256', 'RS256'],
    },
    claims: { openid: ['sub'], profile: ['hpr_number', 'security_level'] },
    conformIdTokenClaims: false,
    // Left to itself it calls no address of this machine, where all of the test is.
    fetch: (url, { dispatcher: _, ...options }) => globalThis.fetch(url, options),
    findAccount,
    loadExistingGrant,
    interactions: { url: (_ctx, interaction) => `/login?uid=${interaction.uid}` },
    pkce: { required: () => true },
    scopes: ['openid', 'profile'],
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: true, nonceSecret: crypto.randomBytes(32), requireNonce: () => true },
      pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
      clientCredentials: { enabled: true },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: async (ctx, form) => { ctx.body = form; },
        postLogoutSuccessSource: async (ctx) => { ctx.body = 'ut'; },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        getResourceServerInfo: (_ctx, resource) => ({
          scope: `${machine.scope} other`,
          audience: resource,
          accessTokenTTL: 60,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'PS256' } },
        }),
      },
    },
  };
}

async function login(provider, request, response) {
  const as = new URL(request.url, 'http://local').searchParams.get('as') ?? 'nobody';
  const result = as === 'nobody'
    ? { error: 'access_denied', error_description: 'the person <b>said</b> no' }
    : { login: { accountId: as } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

function serve(settings) {
  const server = createServer();
  server.listen(0, '127.0.0.1', () => {
    const issuer = `http://127.0.0.1:${server.address().port}`;
    const provider = new Provider(issuer, configuration(settings));
    provider.on('server_error', (_ctx, error) => process.stderr.write(`${error.stack}\n`));
    provider.on('backchannel.error', (_ctx, error) => process.stderr.write(`${error.stack}\n`));
    const callback = provider.callback();
    server.on('request', (request, response) => {
      if (!request.url.startsWith('/login?')) return callback(request, response);
      return login(provider, request, response).catch((error) => {
        response.statusCode = error instanceof errors.OIDCProviderError ? error.statusCode : 500;
        response.end(String(error.message));
      });
    });
    process.stdout.write(`${JSON.stringify({ issuer })}\n`);
  });
}

const lines = createInterface({ input: process.stdin });
lines.once('line', (line) => serve(JSON.parse(line)));
lines.once('close', () => process.exit(0));
