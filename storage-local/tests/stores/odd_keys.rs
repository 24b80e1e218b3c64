use storage_core::Storage;
use storage_core::list::ListOptions;

use crate::{key, keys, level, on_each, put, read};

fn odd_keys() -> Vec<String> {
    let mut keys: Vec<String> = [
        "f",
        "f/g",
        "f/g/h",
        ".hidden",
        "...",
        "a b+c%20",
        "~#?*[]'\"<>&=\\",
        "ünïcode/日本/😀",
        "\u{202e}x",
        "e\u{301}",
        "é",
        ".storage",
        ".storage/lock",
        ".storage/records/x",
        ".Storage",
        ".storage-object.f",
        ".storage-name.f",
        ".storage-part.f/x",
        ".storage-part.",
        "x/.storage/tmp",
        ".storagex",
        "-",
        "CON",
        "a:b",
        "trailing ",
        "trailing.",
    ]
    .map(str::to_owned)
    .to_vec();
    let long = "n".repeat(900);
    keys.extend([
        long.clone(),
        format!("{long}/below"),
        format!("{long}/below/deeper"),
        format!("{}x", "n".repeat(899)),
        format!("{}/sub", "n".repeat(200)),
        "n".repeat(200),
        "n".repeat(250),
        format!("{}/g", "n".repeat(250)),
        "n".repeat(255),
        "n".repeat(256),
        "ü".repeat(512),
        "s/".repeat(511) + "s",
        "s/".repeat(300) + "s",
    ]);
    keys.sort();
    keys
}

#[tokio::test]
async fn every_valid_key_is_stored_beside_every_other() {
    on_each(|storage| async move {
        let all = odd_keys();
        for name in all.iter().rev() {
            put(&*storage, name, name.clone()).await;
        }
        for name in &all {
            assert_eq!(read(&*storage, name).await.unwrap(), *name);
            assert_eq!(storage.stat(&key(name)).await.unwrap().size, name.len() as u64);
        }
        assert_eq!(keys(&*storage, ListOptions::new()).await, all);
        let level = level(&*storage, ListOptions::new()).await;
        assert!(level.is_sorted() && level.contains(&"f".to_owned()) && level.contains(&"f/".to_owned()));

        for (index, name) in all.iter().enumerate() {
            storage.delete(&key(name)).await.unwrap();
            assert_eq!(keys(&*storage, ListOptions::new()).await, all[index + 1..]);
        }
    })
    .await;
}

#[tokio::test]
async fn a_file_makes_room_for_a_folder_in_either_order() {
    on_each(|storage| async move {
        for order in [["f", "f/g"], ["f/g", "f"]] {
            for name in order {
                put(&*storage, name, name.to_owned()).await;
                put(&*storage, name, format!("{name} again")).await;
            }
            assert_eq!(read(&*storage, "f").await.unwrap(), "f again");
            assert_eq!(read(&*storage, "f/g").await.unwrap(), "f/g again");
            assert_eq!(level(&*storage, ListOptions::new()).await, ["f", "f/"]);
            storage.delete(&key(order[0])).await.unwrap();
            assert_eq!(keys(&*storage, ListOptions::new()).await, [order[1]]);
            storage.delete(&key(order[1])).await.unwrap();
            assert_eq!(keys(&*storage, ListOptions::new()).await, [""; 0]);
        }
    })
    .await;
}
