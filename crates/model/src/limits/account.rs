//! Accounts: passwords, logins, applications, pictures.

use std::time::Duration;

/// Characters of a password, at least. Discord's; NIST SP 800-63B asks for as many.
pub const PASSWORD_CHARS_MIN: usize = 8;

/// Characters of a password, at most: more would only be work for who compares it.
pub const PASSWORD_CHARS_MAX: usize = 128;

/// Passwords that are worked on at once, and pictures: each takes a processor, and memory.
pub const WORKS_AT_ONCE: usize = 2;

/// Those that wait for it, at most; who comes then is told to come back.
pub const WORKS_WAITING_MAX: usize = 64;

/// Attempts to log in to one account, from all networks together from which nobody has done so lately, and from each of
/// the others; and the time after which one more is free. Who knows the password gets theirs back.
pub const ATTEMPTS_PER_ACCOUNT: u32 = 10;

/// See [`ATTEMPTS_PER_ACCOUNT`].
pub const ATTEMPTS_PER_ACCOUNT_REFILL: Duration = Duration::from_secs(30);

/// Attempts to log in or to register from one address, and the time after which one more is free.
pub const ATTEMPTS_PER_ADDRESS: u32 = 20;

/// See [`ATTEMPTS_PER_ADDRESS`].
pub const ATTEMPTS_PER_ADDRESS_REFILL: Duration = Duration::from_secs(10);

/// Devices on which one account is logged in, at most: the one that was used longest ago goes first.
pub const LOGINS_PER_USER_MAX: usize = 64;

/// Time after which the use of a login is noted again.
pub const LOGIN_NOTE_INTERVAL: Duration = Duration::from_hours(1);

/// Characters of what someone says of themselves, at most. Discord's.
pub const BIO_CHARS_MAX: usize = 190;

/// Characters of an address for mail, at most (RFC 3696, erratum 1690).
pub const EMAIL_CHARS_MAX: usize = 254;

/// Applications that one account may make, at most. Discord's is 25 for most.
pub const APPLICATIONS_MAX: usize = 50;

/// Characters of an application's name, at most. Discord's.
pub const APPLICATION_NAME_CHARS_MAX: usize = 32;

/// Characters of an application's description, at most. Discord's.
pub const APPLICATION_DESCRIPTION_CHARS_MAX: usize = 400;

/// Bytes of a picture of an account or a guild, as it is sent, at most. Discord's.
pub const IMAGE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Pixels along a side of a picture that is sent, at most: bounds the memory that it takes to read it.
pub const IMAGE_SIDE_MAX: u32 = 4_096;

/// Pixels along a side of the pictures that are made of it.
pub const IMAGE_SIDES: [u32; 3] = [64, 128, 512];
