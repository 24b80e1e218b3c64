use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

/// There and back again. A connection is made at once: that takes its time on a real way only.
pub(crate) const ROUND_TRIP: Duration = Duration::from_millis(5);

const BUFFER_BYTES: usize = 64 * 1024;

/// Brings what comes to the server at `address`, and its answers back, each half a round trip later. Any number of bytes may be on the way.
pub(super) fn connection(near: TcpStream, address: &str) -> io::Result<()> {
    let far = TcpStream::connect(address)?;
    near.set_nodelay(true)?;
    far.set_nodelay(true)?;
    let back = {
        let (near, far) = (near.try_clone()?, far.try_clone()?);
        thread::spawn(move || carry(far, near))
    };
    carry(near, far);
    // It ended when one of the two did.
    let _ = back.join();
    Ok(())
}

fn carry(from: TcpStream, to: TcpStream) {
    let (send, receive) = mpsc::channel();
    let reader = thread::spawn(move || read(from, &send));
    write(to, &receive);
    let _ = reader.join();
}

fn read(mut from: TcpStream, send: &Sender<(Instant, Vec<u8>)>) {
    let mut buffer = vec![0; BUFFER_BYTES];
    // What cannot be read has ended.
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        if send.send((Instant::now() + ROUND_TRIP / 2, buffer[..count].to_vec())).is_err() {
            break;
        }
    }
}

fn write(mut to: TcpStream, receive: &Receiver<(Instant, Vec<u8>)>) {
    while let Ok((due, bytes)) = receive.recv() {
        thread::sleep(due.saturating_duration_since(Instant::now()));
        if to.write_all(&bytes).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn everything_comes_later_and_as_it_was() {
        let echo = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = echo.local_addr().unwrap().to_string();
        thread::spawn(move || {
            let (mut stream, _) = echo.accept().unwrap();
            let mut copy = stream.try_clone().unwrap();
            io::copy(&mut stream, &mut copy).unwrap();
        });
        let door = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut client = TcpStream::connect(door.local_addr().unwrap()).unwrap();
        thread::spawn(move || connection(door.accept().unwrap().0, &address));
        for _ in 0..2 {
            let start = Instant::now();
            client.write_all(b"there and back").unwrap();
            let mut answer = [0; 14];
            client.read_exact(&mut answer).unwrap();
            assert_eq!(&answer, b"there and back");
            assert!(start.elapsed() >= ROUND_TRIP, "{:?}", start.elapsed());
        }
    }
}
