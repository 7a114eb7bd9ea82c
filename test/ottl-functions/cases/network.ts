import type { Cases } from './cases.ts';

export const network: Cases = {
  results: [
    ['IsInCIDR("192.168.1.1", ["192.168.0.0/16"])', true],
    ['IsInCIDR("10.1.2.3", ["192.168.0.0/16", "10.0.0.0/8"])', true],
    ['IsInCIDR("11.1.2.3", ["192.168.0.0/16", "10.0.0.0/8"])', false],
    ['IsInCIDR("192.168.1.200", ["192.168.1.128/25"])', true],
    ['IsInCIDR("192.168.1.100", ["192.168.1.128/25"])', false],
    ['IsInCIDR("1.2.3.4", ["0.0.0.0/0"])', true],
    ['IsInCIDR("2001:db8::1", ["2001:db8::/32"])', true],
    ['IsInCIDR("2001:db9::1", ["2001:db8::/32"])', false],
    ['IsInCIDR("::ffff:10.0.0.1", ["10.0.0.0/8"])', true],
    ['IsInCIDR("::1", ["10.0.0.0/8"])', false],
    ['CommunityID("128.232.110.120", 34855, "66.35.250.204", 80, "TCP")', '1:LQU9qZlK+B5F3KDmev6m5PMibrg='],
    ['CommunityID("66.35.250.204", 80, "128.232.110.120", 34855)', '1:LQU9qZlK+B5F3KDmev6m5PMibrg='],
    ['CommunityID("128.232.110.120", 34855, "66.35.250.204", 80, "TCP", 1)', '1:3V71V58M3Ksw/yuFALMcW0LAHvc='],
  ],
  refused: [
    ['IsInCIDR("nonsense", ["10.0.0.0/8"])', /invalid IP address/],
    ['IsInCIDR("10.0.0.1", ["10.0.0.0"])', /CIDR notation/],
    ['IsInCIDR("10.0.0.1", ["10.0.0.0/33"])', /CIDR notation/],
    ['CommunityID("x", 1, "10.0.0.1", 2)', /invalid IP address/],
    ['CommunityID("10.0.0.2", 70000, "10.0.0.1", 2)', /source port must be between/],
    ['CommunityID("10.0.0.2", 1, "10.0.0.1", 2, "XYZ")', /unsupported protocol/],
  ],
};
