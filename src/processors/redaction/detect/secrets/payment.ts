/** Keys of payment providers and shops. */
import type { LiteralDetector } from '../detector.ts';
import { isDrawn } from './randomness.ts';

export const paymentKeys = [
  {
    name: 'stripe_key',
    doc: 'Stripe secret and restricted keys, live and test, and webhook secrets (`whsec_`). Publishable keys are public.',
    preset: 'secrets',
    literals: ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'whsec_'],
    pattern: /(?:[sr]k_(?:live|test)_[A-Za-z\d]{16,247}|whsec_[A-Za-z\d+/]{32,64}={0,2})(?!\w)/y,
    isValid: isDrawn,
  },
  {
    name: 'square_token',
    doc: 'Square tokens and secrets: `sq0atp-`, `sq0csp-`.',
    preset: 'secrets',
    literals: ['sq0atp-', 'sq0csp-'],
    pattern: /sq0(?:atp-[\w-]{22}|csp-[\w-]{43})(?![\w-])/y,
    isValid: isDrawn,
  },
  {
    name: 'shopify_token',
    doc: 'Shopify tokens and secrets: `shpat_`, `shpca_`, `shppa_`, `shpss_` and 32 hexadecimal digits.',
    preset: 'secrets',
    literals: ['shpat_', 'shpca_', 'shppa_', 'shpss_'],
    pattern: /shp(?:at|ca|pa|ss)_[\da-fA-F]{32}(?!\w)/y,
    isValid: isDrawn,
  },
  {
    name: 'razorpay_key',
    doc: 'Razorpay key ids: `rzp_live_`, `rzp_test_` and 14 letters and digits.',
    preset: 'secrets',
    literals: ['rzp_live_', 'rzp_test_'],
    pattern: /rzp_(?:live|test)_[A-Za-z\d]{14}(?!\w)/y,
    isValid: isDrawn,
  },
] as const satisfies readonly LiteralDetector[];
