/** What is told by its place and form: addresses of mail, machines and people, phone numbers, credentials of protocols, secrets beside names. */
import { draw, frames, inFrames, type Labelled, negatives, negativesInFrames, type Sample, seeded } from './sample.ts';

const base62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const random = seeded(4711);
const token = (length: number): string => draw(random, base62, length);
const many = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const base64url = (text: string): string => Buffer.from(text).toString('base64url');

/** `before{found}after`. */
const marked = (texts: readonly string[]): Sample[] =>
  texts.map((text) => {
    const start = text.indexOf('⟦');
    const end = text.indexOf('⟧');
    return { text: text.replace(/[⟦⟧]/g, ''), found: text.slice(start + 1, end) };
  });

const emails =
  'jane.doe@example.com john+news@mail.example.org o\'brien@example.ie info@müller.de 用户@例子.广告 anna_svensson@företag.se a@b.co x.y-z@sub.domain.example.co.uk test123@gmail.com user%tag@example.net first.last@xn--mller-kva.de sales@example.technology maria.garcia@correo.example.es иван@пример.рф j@example.io support-team@my-company.example.com UPPER.CASE@EXAMPLE.COM me@123.example.com jean-luc@exemple.fr k.tanaka@example.co.jp'.split(
    ' ',
  );

const noEmails = [
  'a@b', '@dataclass', '@app.route("/x")', 'react@18.2.0', '@types/node@20.1.0', 'user@localhost', 'git@github', 'me @ example.com', 'x@', '@example.com', 'foo@bar..com',
  'price @ 3.50', 'user@host:/path', 'lodash@4.17.21', '@media screen', 'array@index', 'a@b@', 'left.@example.com', 'logo@2x.png', 'icon@3x.svg', 'root@server', 'sha256@abc123',
  'pkg@latest', '@Override', '@langchain/core', 'name@service.local', 'npm:foo@1.2.3', '5@10', 'a @b.c', 'image@sha256:deadbeef', 'ssh://git@github.com/acme/x.git', 'me@[10.0.0.1]',
];

const phones = [
  '+1 202 555 0142', '+1 (415) 555-2671', '+12025550142', '+44 20 7946 0958', '+44 (0)20 7946 0958', '+49 30 901820', '+49 (0)89 12345678', '+33 6 12 34 56 78', '+34 912 345 678', '+39 06 6982 1234',
  '+31 20 794 0800', '+46 8 123 456 78', '+48 22 123 45 67', '+55 11 98765-4321', '+91 98765 43210', '+81 3-1234-5678', '+86 138 0013 8000', '+61 2 9374 4000', '+7 495 123-45-67', '+27 21 123 4567',
  '(202) 555-0142', '202-555-0142', '415.555.2671', '020 7946 0958', '07700 900123', '06 12 34 56 78', '01.42.68.53.00', '030 901820', '089/12345678', '0171 1234567', '912 34 56 78', '98765 43210',
  '(11) 98765-4321', '0049 30 901820', '1-800-555-0199', '0800 123 4567', '03-1234-5678', '02 9374 4000', '(02) 9374 4000', '0412 345 678',
];
const wordedPhones = ['call 2025550142', 'Tel.: 0301234567', 'phone=4155552671', 'teléfono 912345678', 'mobile: 07700900123', '電話 0312345678', 'WhatsApp 11987654321', 'fax 2079460958'].map((text) => {
  const found = /\d+$/.exec(text)?.[0] as string;
  return { text, found };
});
const noPhones = [
  '2024-05-06', '06.05.2024', '05/06/2024', '12:30:45', '1714999999', '1714999999123', '123456', '1,234,567', '12 345 678', '3.14159265', '192.168.100.200', '1.2.3.4', 'v2024.05.06', '2024-05-06 10:30',
  'ISBN 978-3-16-148410-0', '100 200 300', '+1', '+123', '1 2 3 4 5 6 7', '0.0001234567', '10-20-30', '2020 2021 2022', 'ORD-202-555-0142', 'id_2025550142', '$2025550142', '202-555-0142-77-1', '000-000-0000',
  '111-11-1111', '+999 1234567', '+1 000 555 0142', '(202)', 'gpt-4-0613', 'x+12025550142', '55 + 66 + 77', '1e10', '4096 8192 16384', '8080:80', '3f25-04e0-4f89', '12.5 13.7 14.9', '7 8 9 10 11 12',
];

const ipv4s = ['192.168.1.10', '10.0.0.5', '172.16.254.1', '8.8.8.8', '203.0.113.42', '198.51.100.7', '100.64.0.1', '1.1.1.1', '255.0.0.1', '93.184.216.34'];
const noIpv4s = [
  '1.2.3', '1.2.3.4.5', '256.1.1.1', '1.2.3.256', 'v1.2.3.4', 'version 1.2.3.4', 'Version: 10.0.19041.1', 'Chrome/120.0.0.0', '01.02.03.04', '127.0.0.1', '0.0.0.0', '169.254.1.1', '255.255.255.255', '12:30:45.123',
  '1.2.3.4-beta', 'release 2.0.1.7', 'a1.2.3.4', '3.14', '1,2.3.4', 'build 10.2.3.4', 'ver. 1.2.3.4', '1.2.3.4a', '10.0.0', '2024.05.06', '1..2.3.4', '1.2.3.', 'section 1.2.3.4', 'sdk=1.2.3.4', 'Safari/605.1.15.9', '-1.2.3.4',
];
const ipv6s = ['2001:db8::1', '2001:0db8:85a3:0000:0000:8a2e:0370:7334', 'fd00::1234:5678', '2606:4700:4700::1111', '2a00:1450:4001:81b::200e', '64:ff9b::192.0.2.33', '::ffff:192.0.2.128', 'fc00:1:2:3:4:5:6:7', '2400:CB00::6810:1'];
const noIpv6s = [
  'std::vector', 'a::b', 'Foo::Bar', '12:30:45', '::1', '::', 'fe80::1', '00:1a:2b:3c:4d:5e', '1:2:3', 'a:b:c:d', '2001:db8', '2001::db8::1', 'dead::beef::', 'x::y', 'abc::def', 'Face::Cafe', '10:20', '{"a":1}', 'key:value',
  'abc:def', 'http://x', 'C:\\x', 'a::before', '12345::1', '2001:db8:1:2:3:4:5', '2001:db8:1:2:3:4:5:6:7', 'gg::1', 'std::cafe', '1::', 'feed::add', 'bad::c0de',
];
const macs = ['00:1a:2b:3c:4d:5e', '00-1A-2B-3C-4D-5E', 'AA:BB:CC:DD:EE:FF', 'de:ad:be:ef:00:01', '3c:22:fb:9a:10:7e', '3C-22-FB-9A-10-7E', '12:34:56:78:9a:bc', '02:42:ac:11:00:02'];
const noMacs = [
  '00:1a:2b:3c:4d', '00:1a:2b:3c:4d:5e:6f', '00:1g:2b:3c:4d:5e', '12:30:45', '00:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff', '00-1a:2b-3c:4d-5e', '2024-05-06', '12-34-56-78-90-12', 'x00:1a:2b:3c:4d:5e', '001a2b3c4d5e',
  '00:1a:2b:3c:4d:5', 'ab:cd:ef', '1:2:3:4:5:6', 'aa-bb-cc', '00:1a:2b:3c:4d:5ez', '00::1a', 'de:ad:be:ef', '10:20:30:40:50', '3f25-04e0', 'aa:bb:cc:dd:ee:gg', '00 1a 2b 3c 4d 5e', '01-02-03', '00:1a:2b:3c:4d:', 'AA-BB-CC-DD-EE', '1a:2b',
];

const urlCredentials = marked([
  'postgres://⟦app:s3cr3tPass⟧@db.example.com:5432/app', 'https://⟦bob:hunter2⟧@example.com/x', 'redis://⟦:pa55word⟧@cache.internal:6379/0', 'mongodb+srv://⟦admin:Qw3rty!⟧@cluster0.example.net/x', 'amqp://⟦guest:guest⟧@rabbit:5672',
  'ftp://⟦anonymous:me⟧@ftp.example.org', 'mysql://⟦root:t00r⟧@127.0.0.1/db', `https://⟦oauth2:${token(20)}⟧@git.example.com/a.git`, 'smtp://⟦user%40example.com:p%40ss⟧@mail.example.com:587', 'http://⟦user:pass⟧@[2001:db8::1]/',
]);
const noUrlCredentials = [
  'https://example.com', 'https://example.com:8080/x', 'https://example.com/@user', 'https://example.com/a:b@c', 'ssh://git@github.com/acme', 'https://user@example.com', 'http://localhost:3000', 'https://$USER:$PASS@host',
  'https://user:***@example.com', 'https://user:<password>@example.com', 'https://user:${PASS}@host', 'https://user:{{pass}}@host', 'https://x.com?q=a:b@c', 'https://x.com#a:b@c', '//comment: see a@b', 'mailto:a@b.com',
  'git@github.com:acme/x.git', 'https://user:xxxxxxxx@example.com', 'https://user:****@host', 'time://12:30', 'a://b:c d@e', 'https://medium.com/@u:v', 'https://:@', 'https://user:@host', 'urn:isbn:123', 'data:text/plain;base64,aa@b',
];

const algorithms = ['HS256', 'RS256', 'ES256', 'EdDSA'];
const jwt = (at: number): string => {
  const header = base64url(JSON.stringify(at % 2 === 0 ? { alg: algorithms[at % 4], typ: 'JWT' } : { typ: 'JWT', alg: algorithms[at % 4], kid: token(8) }));
  return `${header}.${base64url(JSON.stringify({ sub: String(at), name: 'Jane', iat: 1714999999 }))}.${token(43)}`;
};
const noJwts = [
  ...many(10, (at) => `${base64url(JSON.stringify({ typ: 'JWT', at }))}.${base64url('{"sub":"1"}')}.${token(20)}`),
  ...many(10, (at) => `${jwt(at).split('.')[0]}`),
  ...many(10, (at) => base64url(JSON.stringify({ alg: 'HS256', at, text: 'no parts' }))),
  'eyJ', 'eyJhbGciOiJIUzI1NiJ9', 'eyJhbGciOiJIUzI1NiJ9.', 'x.y.z', 'eyJx.eyJy.z', 'eyJ0eXAiOiJKV1QifQ.eyJh.x', 'keyJson.value.other', 'eyJ eyJ eyJ',
];

const pem = (kind: string, at: number): string => `-----BEGIN ${kind}-----\n${many(4, () => token(64)).join('\n')}\n${token(20 + at)}==\n-----END ${kind}-----`;
const pemKinds = ['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY', 'OPENSSH PRIVATE KEY', 'ENCRYPTED PRIVATE KEY', 'DSA PRIVATE KEY', 'PGP PRIVATE KEY BLOCK'];
const pems = many(28, (at) => pem(pemKinds[at % pemKinds.length] as string, at));
const noPems = [
  ...['CERTIFICATE', 'PUBLIC KEY', 'RSA PUBLIC KEY', 'CERTIFICATE REQUEST', 'PGP PUBLIC KEY BLOCK', 'DH PARAMETERS', 'X509 CRL', 'PKCS7', 'PGP MESSAGE', 'PGP SIGNATURE'].flatMap((kind, at) => [pem(kind, at), pem(kind, at + 10)]),
  '-----BEGIN PRIVATE KEY-----', '-----BEGIN PRIVATE KEY----- ...', 'the line BEGIN PRIVATE KEY', '-----END PRIVATE KEY-----', '-----BEGIN', '----- BEGIN PRIVATE KEY -----', '-----BEGIN private key-----', 'PRIVATE KEY', '---', '--- BEGIN ---', '-----BEGIN -----',
  'AGE-SECRET-KEY-1', 'AGE-SECRET-KEY-1ABC', '-----', 'BEGIN RSA PRIVATE KEY', '-----BEGIN PRIVATE KEY\n', '----BEGIN PRIVATE KEY----', '# -----BEGIN X-----', '=====BEGIN PRIVATE KEY=====', 'begin',
];

const noBearers = [
  'Bearer token', 'Bearer authentication', 'bearer of good news', 'Bearer <token>', 'Bearer $TOKEN', 'Bearer ${token}', 'Bearer {{token}}', 'the bearer authentication-mechanism-name', 'Bearer xxxxxxxxxxxxxxxxxxxx', 'Bearer your-token-here',
  'Authorization: Bearer', 'Bearer YOUR_ACCESS_TOKEN', 'bearer internationalization', 'standard-bearer extraordinarily', 'Bearer ****************', 'Bearer ...', 'Bearer abc', 'forbearer 1234', 'Bearer %s', "f'Bearer {api_key}'",
  'Bearer [REDACTED]', 'Bearer process.env.API_TOKEN', 'Bearer <bearer_token>', 'Bearer access_token_goes_in_here', 'bearer responsibilities', 'Bearer tokenProvider.getToken',
];
const noBasics = [
  'Basic auth', 'Basic English grammar', 'basic understanding', 'Basic YWJj', 'Basic authentication', 'Visual Basic programming', 'basic functionality works', 'Basic <credentials>', 'Basic $CREDENTIALS', 'basic principles', 'Basic aGVsbG8gd29ybGQ=',
  'basic information', 'Basic plan12', 'basic building blocks', 'Basic usage', 'BASIC programs', 'basic arithmetic operations', 'Basic training2024', 'basic requirements/specification', 'Basic abcdefgh', 'basics of cooking', 'Basic 12345678', 'basic configuration', 'Basic Attention Token',
];

const passwords = ['hunter2', 'Tr0ub4dor&3', 'P@ssw0rd!', 's3cr3t!', 'winter2024!', 'Qw3rty_12', 'letmein99', 'Passw0rt#1'];
const named: Sample[] = [
  ...passwords.flatMap((found) => [
    { text: `password: ${found}`, found },
    { text: `{"username":"bob","password":"${found}"}`, found },
    { text: `DB_PASSWORD=${found}\nDB_HOST=x`, found },
    { text: `{\\"passwd\\": \\"${found}\\"}`, found },
    { text: found, found, key: 'user.password' },
  ]),
  ...many(24, (at) => {
    const found = token(24 + (at % 12));
    const name = ['api_key', 'apiKey', 'client_secret', 'SECRET', 'access_token', 'x-api-key', 'authToken', 'signing-key'][at % 8] as string;
    return [
      { text: `${name} = "${found}"`, found },
      { text: `{"${name}":"${found}","n":1}`, found },
      { text: `export ${name}=${found}`, found },
      { text: found, found, key: name },
    ][at % 4] as Sample;
  }),
  ...marked(['passphrase: "⟦correct horse battery staple⟧"', "const password = '⟦geheim⟧';", 'Passwort: ⟦Sommer2023⟧', 'contraseña: ⟦Perro2023!⟧', 'pwd=⟦abc123!x⟧;Server=db', 'password => "⟦opensesame⟧"']),
];
const noNamed: Sample[] = [
  ...negatives([
    'max_tokens: 4096', '"prompt_tokens": 1204', '"total_tokens":1235', 'password: string', '"password": "string"', 'password: required', 'password = os.getenv("DB_PASSWORD")', 'password=password', 'password = config.password', '"password": null',
    '"password": "********"', '"api_key": "YOUR_API_KEY"', 'api_key = os.environ["OPENAI_API_KEY"]', 'api_key: ${OPENAI_API_KEY}', '"api_key": "<your key>"', 'token: string', 'const token = await getToken()', 'token = "next"', '"token": "hello"', 'token_type: bearer',
    'key: value', '"key": "a1b2c3d4e5f6a7b8"', 'primary_key=True', '"public_key": "a1b2c3d4e5f6a7b8c9d0"', 'secret: my-app-tls', 'secretName: my-app-tls-2', '"secret": "projects/x/secrets/y"', 'session: active', 'auth: basic', 'Password: must be 8 characters',
    'password: "The password you chose when you signed up."', 'passwords: many', 'password_hash_rounds=12', 'secret: true', 'token: 12', '"token": "2024-05-06T12:30:45Z"', 'authorization: required', 'client_secret: {{ secret }}', '"password": "[REDACTED]"', '"password": "<named_secret>"',
    'access_token: <named_secret:7f3a>', 'api_key=None', 'cookie: none', '"token": "https://example.com/token"', 'token: /var/run/secrets/token', 'password field: 3 of 4', 'sort_key: created_at', 'idempotency_key: run-1',
  ]),
  { text: 'string', key: 'password' },
  { text: '<named_secret>', key: 'password' },
  { text: 'hello world', key: 'token' },
  { text: '4096', key: 'max_tokens' },
];

const aws = (): string => `${draw(random, `${base62}+/`, 39)}a`;
const awsSecrets: Sample[] = many(44, (at) => {
  const found = aws();
  return [
    { text: `aws_secret_access_key = ${found}`, found },
    { text: `AWS_SECRET_ACCESS_KEY=${found}\n`, found },
    { text: `{"secretAccessKey": "${found}"}`, found },
    { text: `secret_key: "${found}"`, found },
    { text: found, found, key: 'aws.secret_access_key' },
  ][at % 5] as Sample;
});
const noAws = negatives([
  ...many(12, () => aws()),
  ...many(8, () => `sha1: ${draw(random, '0123456789abcdef', 40)}`),
  ...many(8, () => `aws_secret_access_key = ${token(30)}`),
  ...many(8, () => `file: ${aws()}`),
  'aws_secret_access_key = YOUR_SECRET', 'AWS_SECRET_ACCESS_KEY=$SECRET', 'secretAccessKey: string', 'aws_secret_access_key=', `aws_secret_access_key=${'x'.repeat(40)}`, 'secret_access_key is needed', 'set aws_secret_access_key first',
]);

const azureKeys: Sample[] = many(44, (at) => {
  const found = at % 2 === 0 ? `${token(86)}==` : `${token(43)}=`;
  return { text: [`DefaultEndpointsProtocol=https;AccountName=x;AccountKey=${found};EndpointSuffix=core.windows.net`, `Endpoint=sb://x/;SharedAccessKeyName=Root;SharedAccessKey=${found}`][at % 2] as string, found };
});
const noAzureKeys = [
  ...many(20, (at) => `AccountKey=${token(4 + at)}`),
  ...many(10, () => `Key=${token(86)}==`),
  ...many(6, () => `AccountKey=${'x'.repeat(86)}==`),
  'AccountKey=', 'AccountKey=<key>', 'AccountKey=$KEY', 'AccountName=x', 'SharedAccessKeyName=RootManageSharedAccessKey',
];
const sas: Sample[] = many(44, (at) => {
  const found = at % 2 === 0 ? `${token(43)}%3D` : `${token(20)}%2F${token(20)}%3D`;
  return { text: `https://x.blob.core.windows.net/c/b?sv=2022-11-02&st=2024-05-06&se=2024-06-06&sr=b&sp=r${at % 3 === 0 ? '&' : '&x=1&'}sig=${found}${at % 4 === 0 ? '&y=2' : ''}`, found };
});
const noSas = [...many(20, (at) => `https://x.net/b?sig=${token(4 + at)}`), ...many(10, () => `sig=${token(44)}`), ...many(10, () => `&signature=${token(44)}`), '?sig=', '&sig=$SIG', '?sig=xxxxxxxx'];

const births = marked([
  'born 12 March 1985', 'She was born on ⟦March 12, 1985⟧ in Leeds', 'DOB: ⟦1985-03-12⟧', 'date of birth ⟦12/03/1985⟧', 'Date of Birth: ⟦03/12/1985⟧', 'geboren am ⟦12.03.1985⟧', 'Geburtsdatum: ⟦12.3.1985⟧', 'née le ⟦12/03/1985⟧', 'né le ⟦12 mars 1985⟧', 'fecha de nacimiento: ⟦12/03/1985⟧',
  'nacida el ⟦12 de marzo de 1985⟧', 'data de nascimento ⟦12/03/1985⟧', 'nato il ⟦12/03/1985⟧', 'geboortedatum ⟦12-03-1985⟧', 'data urodzenia: ⟦12.03.1985⟧', '生年月日：⟦1985年3月12日⟧', '出生日期：⟦1985-03-12⟧', 'родился ⟦12.03.1985⟧', '"birth_date": "⟦1985-03-12⟧"', 'birthday ⟦12th of March 1985⟧',
].map((text) => (text.includes('⟦') ? text : text.replace('12 March 1985', '⟦12 March 1985⟧'))));
const moreBirths = many(24, (at) => {
  const found = [`19${50 + at}-0${1 + (at % 9)}-1${at % 9}`, `${1 + (at % 27)}.${1 + (at % 12)}.19${60 + at}`, `${1 + (at % 27)} June 19${60 + at}`][at % 3] as string;
  return [{ text: `Patient, DOB ${found}, stable`, found }, { text: `born: ${found}`, found }, { text: found, found, key: 'customer.birth_date' }][at % 3] as Sample;
});
const noBirths = [
  '2024-05-06', '12 March 1985', 'on March 12, 1985', '06.05.2024', 'created 2024-05-06', 'due 12/03/2025', 'founded 1 May 1990', 'released March 2024', 'born in 1985', 'born', 'a stubborn 1985-03-12', 'version 1985-03-12', 'expires 12/03/85', 'DOB: unknown', 'date of birth: 99/99/1985',
  'birth rate 12.5', 'birthday party at 12:30', 'geboren', 'dob: 1985', 'reborn', '3/4 of them', '1/2', 'May 5', 'log 2024-05-06 12:30', 'updated: 5.6.2024', 'Meeting 6 June 2025', 'invoice of 12.03.2024', 'le 12 mars 2024', '2024年5月6日', 'on 12 de marzo de 2024', 'airborne 2024-01-02',
  'since 1 January 2020', 'v12.03.1985', 'id 1985-03-12', 'until 31.12.2024', 'week 12 2024', 'Q1 2024', '12-03-1985', '1985/03/12', 'the 3rd of May 2021',
];

const addresses = [
  '1600 Pennsylvania Avenue NW, Washington, DC 20500', '221B Baker Street, London NW1 6XE', '10 Downing St, London SW1A 2AA', '350 Fifth Avenue, New York, NY 10118', '742 Evergreen Terrace, Springfield', '1 Infinite Loop Drive, Cupertino, CA 95014', '12 Rue de la Paix, 75002 Paris', '5 avenue Anatole France, 75007 Paris',
  'Hauptstraße 12, 10115 Berlin', 'Musterweg 3a, 80331 München', 'Bahnhofstrasse 21, 8001 Zürich', 'Calle de Alcalá 45, 28014 Madrid', 'Via Garibaldi 12, 00184 Roma', 'Avenida Paulista 1578', 'Prinsengracht 263', 'Kerkstraat 45, 1017 GB Amsterdam', 'Drottninggatan 53, 11121 Stockholm', '99 High Street, Oxford', '4 Privet Drive', '15 Market Sq, Cambridge',
].filter((address) => address !== 'Prinsengracht 263');
const noAddresses = [
  '12 apples', '3 Street Fighters', 'Top 10 Ways', 'In 2024 Wall Street rose', '5 Star Hotel', 'Chapter 12', 'Version 3 Drive', '42 is the answer', '100 Google Drive files'.replace('Drive', 'drive'), 'step 3: Go', 'GPT 4 Turbo', 'iPhone 12 Pro', 'room 12', 'HTTP 404 Not Found', 'Figure 3 shows', '7 Wonders', 'Windows 11 Home', '2 Fast',
  'rue 12', 'the street', 'Main Street', 'Hauptstraße', 'Section 4.2', '1984 by George Orwell', '3 blind mice', '50 ways', '24 Hours', '12 Angry Men', '20 Questions', '8 Mile', 'Ocean 11', '90210', 'line 45, column 3', 'avenue 5', 'page 3 of 10', '10 Best', 'Level 42', 'May 12', 'Python 3 Guide', 'Area 51',
];

const local4 = ['127.0.0.1', '0.0.0.0', '127.0.1.1', '169.254.169.254', '255.255.255.255', '127.12.13.14'];
const local6 = ['::1', 'fe80::1', 'fe80::1ff:fe23:4567:890a', 'ff02::1', 'ff02::fb'];

export const places: Labelled[] = [
  { detector: 'email', positives: inFrames(emails), negatives: negativesInFrames(noEmails) },
  { detector: 'phone', positives: [...inFrames(phones), ...wordedPhones], negatives: negativesInFrames(noPhones) },
  { detector: 'ipv4', positives: inFrames(ipv4s), negatives: negativesInFrames(noIpv4s) },
  { detector: 'ipv6', positives: inFrames(ipv6s), negatives: negativesInFrames(noIpv6s) },
  { detector: 'mac_address', positives: inFrames(macs), negatives: negativesInFrames(noMacs) },
  { detector: 'local_ipv4', positives: inFrames(local4), negatives: negativesInFrames([...ipv4s, 'v127.0.0.1', 'version 0.0.0.0', '127.0.0', '0.0.0', '127.0.0.1.5']) },
  { detector: 'local_ipv6', positives: inFrames(local6), negatives: negativesInFrames([...ipv6s, ...noIpv6s.filter((text) => !local6.includes(text))]) },
  {
    detector: 'url_credentials',
    positives: urlCredentials.flatMap(({ text, found }) => frames.slice(0, 6).map((frame) => ({ text: frame.replace('%', () => text), found: found as string }))),
    negatives: negativesInFrames(noUrlCredentials),
  },
  { detector: 'jwt', positives: inFrames(many(48, jwt)), negatives: negativesInFrames(noJwts) },
  { detector: 'private_key', positives: [...inFrames(pems), ...inFrames(pems.map((text) => text.replaceAll('\n', '\\n'))), ...inFrames([`AGE-SECRET-KEY-1${draw(random, 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L', 58)}`]).slice(0, 4)], negatives: negativesInFrames(noPems) },
  { detector: 'bearer_token', positives: many(48, (at) => {
    const found = token(20 + at);
    return { text: [`Authorization: Bearer ${found}`, `-H "authorization: bearer ${found}"`, `{"headers":{"Authorization":"Bearer ${found}"}}`, `Nutze Bearer ${found} dafür`][at % 4] as string, found };
  }), negatives: negativesInFrames(noBearers) },
  { detector: 'basic_credentials', positives: many(48, (at) => {
    const found = base64(`${['bob', 'service', 'jane@example.com', 'müller'][at % 4]}:${token(6 + (at % 9))}`);
    return { text: [`Authorization: Basic ${found}`, `{"authorization":"basic ${found}"}`, `curl -H 'Authorization: Basic ${found}' x`][at % 3] as string, found };
  }), negatives: negativesInFrames(noBasics) },
  { detector: 'named_secret', positives: named, negatives: noNamed },
  { detector: 'aws_secret_access_key', positives: awsSecrets, negatives: noAws },
  { detector: 'azure_storage_key', positives: azureKeys, negatives: negatives(noAzureKeys) },
  { detector: 'azure_sas', positives: sas, negatives: negatives(noSas) },
  { detector: 'date_of_birth', positives: [...births, ...moreBirths], negatives: negatives(noBirths) },
  { detector: 'postal_address', positives: inFrames(addresses, frames.filter((frame) => !frame.includes('是') && !frame.includes('は'))), negatives: negativesInFrames(noAddresses) },
];

