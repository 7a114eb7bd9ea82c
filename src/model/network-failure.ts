/** What kept a connection from being made, in words for an operator. Codes are those of Node and undici. */
interface Explanation {
  readonly sentence: string;
  readonly remedy: string;
}

const unknownAuthority: Explanation = {
  sentence: 'its certificate is signed by an authority that is not known here',
  remedy: 'set tls::ca_file to the certificate of that authority, or NODE_EXTRA_CA_CERTS for the whole program',
};

const explanations: Readonly<Record<string, Explanation>> = {
  ENOTFOUND: { sentence: 'its name is not known to DNS', remedy: 'check the spelling of the host, and the DNS of this machine' },
  EAI_AGAIN: { sentence: 'DNS did not answer', remedy: 'check the DNS of this machine; behind a proxy set HTTPS_PROXY' },
  ECONNREFUSED: { sentence: 'nothing listens there', remedy: 'check host and port, and whether the server runs' },
  ECONNRESET: { sentence: 'the connection was reset', remedy: 'look for a firewall or a proxy between here and the server' },
  EHOSTUNREACH: { sentence: 'there is no way to the host', remedy: 'check the network and its firewalls' },
  ENETUNREACH: { sentence: 'there is no way to the network', remedy: 'check the network and its firewalls' },
  TIMEOUT: { sentence: 'there was no answer in time', remedy: 'look for a firewall that drops packets; behind a proxy set HTTPS_PROXY' },
  UND_ERR_CONNECT_TIMEOUT: {
    sentence: 'the connection was not made in time',
    remedy: 'look for a firewall that drops packets; behind a proxy set HTTPS_PROXY',
  },
  CERT_HAS_EXPIRED: { sentence: 'its certificate has expired', remedy: 'renew the certificate of the server' },
  CERT_NOT_YET_VALID: { sentence: 'its certificate is not valid yet', remedy: 'check the clock of this machine' },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    sentence: 'its certificate is for another name',
    remedy: 'use the name that the certificate carries, or set tls::server_name_override',
  },
  ERR_SSL_WRONG_VERSION_NUMBER: { sentence: 'it does not speak TLS', remedy: 'write http:// instead of https://, or another port' },
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  EPROTO: { sentence: 'it does not speak TLS as we do', remedy: 'check that the port is one of TLS' },
};

export function explainFailure(code: string): Explanation {
  return (
    (Object.hasOwn(explanations, code) ? explanations[code] : undefined) ?? {
      sentence: `the connection failed (${code})`,
      remedy: 'check host, port and network',
    }
  );
}
