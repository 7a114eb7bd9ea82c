/** Tokens of messengers and senders of mail. */
import { digits, isDigit, isWord, wordCharacters } from '../characters.ts';
import type { LiteralDetector, PlaceDetector, Range } from '../detector.ts';
import { isDrawn } from './randomness.ts';

export const messagingTokens = [
  {
    name: 'slack_token',
    doc: 'Slack tokens: `xoxb-` and its kin, and `xapp-`.',
    preset: 'secrets',
    literals: ['xoxa-', 'xoxb-', 'xoxe-', 'xoxo-', 'xoxp-', 'xoxr-', 'xoxs-', 'xoxc-', 'xoxd-', 'xapp-', 'xoxe.'],
    pattern: /(?:xox[a-es]|xoxe\.xox[bp]|xoxo|xoxp|xoxr|xapp)-[A-Za-z\d-]{32,300}(?![\w-])/y,
    isValid: isDrawn,
  },
  {
    name: 'slack_webhook',
    doc: 'Slack webhook URLs.',
    preset: 'secrets',
    literals: ['hooks.slack.com/'],
    pattern: /hooks\.slack\.com\/(?:services|workflows|triggers)\/[\w+/-]{20,120}(?![\w+/-])/y,
    isValid: isDrawn,
  },
  {
    name: 'discord_webhook',
    doc: 'Discord webhook URLs.',
    preset: 'secrets',
    literals: ['discord.com/api/', 'discordapp.com/api/'],
    pattern: /discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{17,20}\/[\w-]{60,80}(?![\w-])/y,
    isValid: isDrawn,
  },
  {
    name: 'sendgrid_key',
    doc: 'SendGrid keys: `SG.`, 22 and 43 characters.',
    preset: 'secrets',
    literals: ['SG.'],
    pattern: /SG\.[\w-]{22}\.[\w-]{43}(?![\w-])/y,
    isValid: isDrawn,
  },
  {
    name: 'twilio_key',
    doc: 'Twilio API keys: `SK` and 32 hexadecimal digits. Auth tokens have no form of their own: they are found beside a telling name.',
    preset: 'secrets',
    literals: ['SK'],
    pattern: /SK[\da-f]{32}(?!\w)/y,
    isValid: isDrawn,
  },
  {
    name: 'mailgun_key',
    doc: 'Mailgun keys: `key-` and 32 hexadecimal digits.',
    preset: 'secrets',
    literals: ['key-'],
    pattern: /key-[\da-f]{32}(?![\w-])/y,
    isValid: isDrawn,
  },
] as const satisfies readonly LiteralDetector[];

const telegram = /\d{8,10}:AA[\w-]{32,33}(?![\w-])/y;
const discord = /[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40}(?![\w-])/y;

const isToken = (code: number): boolean => code === 45 || isWord(code);

export const messagingPlaces = [
  {
    name: 'telegram_token',
    doc: 'Telegram bot tokens: the id of the bot, a colon, and 35 characters that begin with AA.',
    preset: 'secrets',
    at: ':',
    behind: digits,
    cost: 2,
    find: (text: string, at: number): Range | undefined => {
      if (text.charCodeAt(at + 1) !== 65 || text.charCodeAt(at + 2) !== 65) return undefined;
      let start = at;
      while (at - start <= 10 && isDigit(text.charCodeAt(start - 1))) start -= 1;
      if (isWord(text.charCodeAt(start - 1))) return undefined;
      telegram.lastIndex = start;
      if (!telegram.test(text) || !isDrawn(text.slice(start, telegram.lastIndex))) return undefined;
      return { start, end: telegram.lastIndex };
    },
  },
  {
    name: 'discord_token',
    doc: 'Discord bot tokens: three parts between points, of which the second has six characters.',
    preset: 'secrets',
    at: '.',
    behind: `${wordCharacters}-`,
    cost: 2,
    find: (text: string, at: number): Range | undefined => {
      if (text.charCodeAt(at + 7) !== 46) return undefined;
      let start = at;
      while (at - start <= 28 && isToken(text.charCodeAt(start - 1))) start -= 1;
      if (at - start < 24 || at - start > 28) return undefined;
      discord.lastIndex = start;
      if (!discord.test(text) || !isDrawn(text.slice(start, discord.lastIndex))) return undefined;
      return { start, end: discord.lastIndex };
    },
  },
] as const satisfies readonly PlaceDetector[];
