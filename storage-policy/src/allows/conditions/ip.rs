use std::net::IpAddr;

/// Addresses that begin the same: `192.0.2.0/24`, `2001:db8::/32`, or one address.
#[derive(Clone, Copy, Debug)]
pub(super) struct Network {
    address: IpAddr,
    bits: u32,
}

pub(super) fn address(text: &str) -> Option<IpAddr> {
    text.parse().ok()
}

impl Network {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, bits) =
            text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let is_number = |bits: &str| !bits.is_empty() && bits.bytes().all(|byte| byte.is_ascii_digit());
        let bits = match bits {
            Some(bits) => bits.parse().ok().filter(|count| is_number(bits) && *count <= most)?,
            None => most,
        };
        Some(Self { address, bits })
    }

    /// An IPv4 address in IPv6's writing, `::ffff:192.0.2.1`, is of both.
    pub(super) fn has(self, address: IpAddr) -> bool {
        [address, address.to_canonical()].into_iter().any(|address| match (self.address, address) {
            (IpAddr::V4(net), IpAddr::V4(address)) => {
                let differ = u32::from(net) ^ u32::from(address);
                differ.checked_shr(32 - self.bits).unwrap_or(0) == 0
            }
            (IpAddr::V6(net), IpAddr::V6(address)) => {
                let differ = u128::from(net) ^ u128::from(address);
                differ.checked_shr(128 - self.bits).unwrap_or(0) == 0
            }
            _ => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_a_network() {
        let has = |network: &str, text: &str| Network::parse(network).unwrap().has(address(text).unwrap());
        for (network, inside, outside) in [
            ("192.0.2.0/24", "192.0.2.255", "192.0.3.0"),
            ("192.0.2.77/24", "192.0.2.1", "192.0.1.255"),
            ("192.0.2.1", "192.0.2.1", "192.0.2.2"),
            ("128.0.0.0/1", "255.255.255.255", "127.255.255.255"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"),
            ("2001:db8::1", "2001:db8:0:0::1", "2001:db8::2"),
            ("192.0.2.0/24", "::ffff:192.0.2.9", "::ffff:192.0.3.9"),
            ("::ffff:0:0/96", "::ffff:192.0.2.9", "::fffe:192.0.2.9"),
        ] {
            assert!(has(network, inside) && !has(network, outside), "{network}");
        }
        assert!(has("0.0.0.0/0", "8.8.8.8") && !has("0.0.0.0/0", "::1") && has("::/0", "::1"));
        for wrong in ["", "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/+8", "192.0.2/24", "::/129", "*"] {
            assert!(Network::parse(wrong).is_none(), "{wrong}");
        }
    }
}
