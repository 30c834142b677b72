//! What is on the disk for certain, and what may be.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::journal::{Deed, Record};
use crate::torn::{Chance, Change, Content};

/// What a power failure takes of that which was not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// Nothing: as if only the program had been killed.
    Nothing,
    /// All of it.
    Unsynced,
    /// Of each change all, nothing, or a part.
    Parts,
}

/// The disk's content at a moment.
#[derive(Debug, Default)]
pub struct Platter {
    files: Vec<Content>,
    names: BTreeMap<PathBuf, Name>,
    inodes: HashMap<u64, Node>,
}

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    /// The file of this number.
    File(usize),
    /// A folder.
    Folder(PathBuf),
}

/// A name: what it stands for on disk, and what it stood for since.
#[derive(Debug, Default)]
struct Name {
    synced: Option<Node>,
    pending: Vec<Option<Node>>,
}

impl Name {
    fn now(&self) -> Option<&Node> {
        self.pending.last().unwrap_or(&self.synced).as_ref()
    }

    fn sync(&mut self) {
        if let Some(last) = self.pending.drain(..).next_back() {
            self.synced = last;
        }
    }

    fn left(&self, loss: Loss, chance: &mut Chance<'_>) -> Option<&Node> {
        let states = self.pending.len() as u64 + 1;
        let nth = match loss {
            Loss::Nothing => states - 1,
            Loss::Unsynced => 0,
            Loss::Parts => chance(states),
        };
        let nth = usize::try_from(nth).expect("a number below one that was");
        nth.checked_sub(1).map_or(&self.synced, |nth| &self.pending[nth]).as_ref()
    }
}

impl Platter {
    /// What lies below `folder`, all of it on disk.
    pub fn of(folder: &Path) -> Result<Self> {
        let mut platter = Self::default();
        platter.add(folder, Path::new(""))?;
        Ok(platter)
    }

    fn add(&mut self, root: &Path, at: &Path) -> Result<()> {
        self.names.insert(at.into(), Name { synced: Some(Node::Folder(at.into())), pending: Vec::new() });
        for entry in fs::read_dir(root.join(at))? {
            let entry = entry?;
            let path = at.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                self.add(root, &path)?;
            } else {
                self.files.push(Content::synced(fs::read(entry.path())?));
                let node = Node::File(self.files.len() - 1);
                self.names.insert(path, Name { synced: Some(node), pending: Vec::new() });
            }
        }
        Ok(())
    }

    /// Takes in what happened next.
    pub fn apply(&mut self, record: &Record<'_>) -> Result<()> {
        match &record.deed {
            Deed::Opened { inode, path, created, emptied } => self.open(*inode, path, *created, *emptied)?,
            Deed::Written { inode, offset, bytes } => {
                let change = Change::Written(usize::try_from(*offset)?, bytes.to_vec());
                self.file(*inode)?.change(change);
            }
            Deed::Cut { inode, length } => self.file(*inode)?.change(Change::Cut(usize::try_from(*length)?)),
            Deed::Synced { inode } => self.sync(*inode)?,
            Deed::Unlinked { path } => self.name(path).pending.push(None),
            Deed::FolderMade { path } => {
                let node = Node::Folder(path.clone());
                self.name(path).pending.push(Some(node));
            }
        }
        Ok(())
    }

    /// Writes into `target`, which is made, what a power failure at this moment may leave.
    ///
    /// A name that was given or taken and not synced in its folder may stand for what it did at any time since.
    pub fn image(&self, target: &Path, loss: Loss, chance: &mut Chance<'_>) -> Result<()> {
        for (path, name) in &self.names {
            let place = target.join(path);
            // A folder comes before what lies in it; with it that is lost.
            if !path.as_os_str().is_empty() && !place.parent().is_some_and(Path::is_dir) {
                continue;
            }
            match name.left(loss, chance) {
                None => {}
                Some(Node::Folder(_)) => fs::create_dir(place)?,
                Some(Node::File(number)) => fs::write(place, self.files[*number].left(loss, chance))?,
            }
        }
        Ok(())
    }

    fn open(&mut self, inode: u64, path: &Path, created: bool, emptied: bool) -> Result<()> {
        if created {
            self.files.push(Content::default());
            let node = Node::File(self.files.len() - 1);
            self.name(path).pending.push(Some(node));
        }
        let node = self.name(path).now().with_context(|| format!("{} was not made", path.display()))?;
        let node = node.clone();
        self.inodes.insert(inode, node);
        if emptied && !created {
            self.file(inode)?.change(Change::Cut(0));
        }
        Ok(())
    }

    fn sync(&mut self, inode: u64) -> Result<()> {
        match self.inodes.get(&inode).context("a sync of what was not opened")? {
            Node::File(number) => self.files[*number].sync(),
            Node::Folder(folder) => {
                let folder = Some(folder.as_path());
                let within = self.names.iter_mut().filter(|(path, _)| path.parent() == folder);
                within.for_each(|(_, name)| name.sync());
            }
        }
        Ok(())
    }

    fn file(&mut self, inode: u64) -> Result<&mut Content> {
        match self.inodes.get(&inode) {
            Some(Node::File(number)) => Ok(&mut self.files[*number]),
            other => anyhow::bail!("a change to {other:?}, which is no open file"),
        }
    }

    fn name(&mut self, path: &Path) -> &mut Name {
        self.names.entry(path.into()).or_default()
    }
}
