//! Who may depend on whom: the table of `docs/architecture.md`, held against the graph that cargo resolves.

use crate::process::{cargo, output};
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// One row: a package, which of ours it may use, and which crates it must never meet.
struct Rule {
    package: &'static str,
    ours: &'static [&'static str],
    /// Not in its own `Cargo.toml`.
    never: &'static [&'static str],
    /// Not anywhere below it either.
    never_below: &'static [&'static str],
}

/// Asynchronous programs, input and output, storage, windows: nothing of it below what runs in the browser view too.
const PURE: &[&str] =
    &["tokio", "async-std", "futures", "sea-orm", "sqlx", "reqwest", "hyper", "tauri", "yew", "axum", "keyring"];
const STORAGE: &[&str] = &["sea-orm", "sea-orm-migration", "sqlx", "libsqlite3-sys", "rusqlite"];

const RULES: &[Rule] = &[
    Rule { package: "domain", ours: &[], never: &["async-trait", "rand", "getrandom", "chrono"], never_below: PURE },
    Rule { package: "contract", ours: &["domain"], never: &[], never_below: PURE },
    Rule { package: "wire", ours: &["domain"], never: &[], never_below: PURE },
    Rule {
        package: "ledger",
        ours: &["domain", "wire"],
        never: &["reqwest", "hyper", "axum", "sea-orm"],
        never_below: &["tauri", "reqwest"],
    },
    Rule { package: "egress", ours: &[], never: STORAGE, never_below: &["tauri"] },
    Rule { package: "migrations", ours: &[], never: &[], never_below: &["tauri", "reqwest"] },
    Rule { package: "store", ours: &["domain", "migrations"], never: &[], never_below: &["tauri", "reqwest"] },
    Rule {
        package: "networks",
        ours: &["domain", "egress"],
        never: &["reqwest", "hyper"],
        never_below: &["tauri", "sea-orm"],
    },
    Rule {
        package: "remote",
        ours: &["domain", "wire", "egress"],
        never: &["reqwest", "hyper"],
        never_below: &["tauri", "sea-orm"],
    },
    Rule {
        package: "engine",
        ours: &["domain", "contract", "wire", "store", "networks", "remote"],
        never: &["axum", "keyring", "reqwest", "hyper", "sea-orm", "sqlx"],
        never_below: &["tauri"],
    },
    Rule {
        package: "server",
        ours: &["domain", "wire", "ledger", "egress", "networks", "migrations"],
        never: &["reqwest"],
        never_below: &["tauri"],
    },
    Rule {
        package: "sendoff-ui",
        ours: &["domain", "contract"],
        never: &["tokio", "tauri", "reqwest", "sea-orm", "sqlx"],
        never_below: &[],
    },
    Rule {
        package: "adapters",
        ours: &["domain", "engine", "networks", "remote", "egress"],
        never: STORAGE,
        never_below: &["tauri"],
    },
    Rule {
        package: "sendoff",
        ours: &["contract", "engine", "adapters"],
        never: &["sea-orm", "sqlx", "libsqlite3-sys", "reqwest", "keyring"],
        never_below: &[],
    },
    Rule {
        package: "sendoff-cli",
        ours: &["contract", "engine", "adapters"],
        never: &["sea-orm", "sqlx", "libsqlite3-sys", "reqwest", "keyring"],
        never_below: &["tauri"],
    },
    Rule {
        package: "sim",
        ours: &["domain", "wire", "store", "engine", "ledger"],
        never: &["reqwest", "hyper", "axum", "sea-orm", "sqlx"],
        never_below: &["tauri"],
    },
    Rule { package: "xtask", ours: &[], never: &[], never_below: &["tauri"] },
];

/// Used by tests alone, and free in what it uses.
const TESTS_ONLY: &str = "testkit";

/// The one package that may name `tauri` or one of its crates.
const SHELL: &str = "sendoff";

/// The packages of a workspace and what they depend on.
#[derive(Debug, Default)]
pub struct Graph {
    packages: BTreeMap<String, Package>,
    /// Crate to crates by id, ours and others', leaving out what only tests and build scripts use.
    below: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Default)]
struct Package {
    id: String,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
    #[serde(default)]
    features: Vec<String>,
}

impl Dependency {
    fn for_tests(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }
}

pub fn check(graph: &Graph) -> Vec<String> {
    let mut wrong = Vec::new();
    let ours: BTreeSet<&str> = graph.packages.keys().map(String::as_str).collect();
    for (name, package) in &graph.packages {
        for dependency in &package.dependencies {
            let used = dependency.name.as_str();
            if used == TESTS_ONLY && !dependency.for_tests() {
                wrong.push(format!("{name} uses {TESTS_ONLY} outside its tests"));
            }
            if name != SHELL && (used == "tauri" || used.starts_with("tauri-")) {
                wrong.push(format!("{name} uses {used}: only {SHELL} may"));
            }
        }
        if name == TESTS_ONLY {
            continue;
        }
        let Some(rule) = RULES.iter().find(|rule| rule.package == name) else {
            wrong.push(format!("{name} has no row in the table: say in tidy what it may use"));
            continue;
        };
        for dependency in package.dependencies.iter().filter(|dependency| !dependency.for_tests()) {
            let used = dependency.name.as_str();
            if ours.contains(used) && used != TESTS_ONLY && !rule.ours.contains(&used) {
                wrong.push(format!("{name} may not use {used}"));
            }
            if rule.never.contains(&used) {
                wrong.push(format!("{name} may not name {used}"));
            }
        }
        for crate_name in rule.never_below {
            if let Some(path) = graph.path(&package.id, crate_name) {
                wrong.push(format!("{name} must be free of {crate_name}: {}", path.join(" > ")));
            }
        }
    }
    wrong
}

impl Graph {
    /// Asks cargo, for all targets and features together.
    pub fn read() -> Result<Self> {
        #[derive(Deserialize)]
        struct Metadata {
            packages: Vec<MetadataPackage>,
            workspace_members: BTreeSet<String>,
            resolve: Resolve,
        }
        #[derive(Deserialize)]
        struct MetadataPackage {
            id: String,
            name: String,
            dependencies: Vec<Dependency>,
        }
        #[derive(Deserialize)]
        struct Resolve {
            nodes: Vec<Node>,
        }
        #[derive(Deserialize)]
        struct Node {
            id: String,
            deps: Vec<Edge>,
        }
        #[derive(Deserialize)]
        struct Edge {
            pkg: String,
            dep_kinds: Vec<Kind>,
        }
        #[derive(Deserialize)]
        struct Kind {
            kind: Option<String>,
        }
        let text = output(cargo().args(["metadata", "--format-version", "1", "--locked"]))?;
        let metadata: Metadata = serde_json::from_str(&text).context("cargo metadata answered something unexpected")?;
        let below = metadata
            .resolve
            .nodes
            .into_iter()
            .map(|node| {
                let used = node.deps.into_iter().filter(|edge| edge.dep_kinds.iter().any(|kind| kind.kind.is_none()));
                (node.id, used.map(|edge| edge.pkg).collect())
            })
            .collect();
        let packages = metadata
            .packages
            .into_iter()
            .filter(|package| metadata.workspace_members.contains(&package.id))
            .map(|package| (package.name, Package { id: package.id, dependencies: package.dependencies }))
            .collect();
        Ok(Self { packages, below })
    }

    /// Whether a package of ours asks for a feature of something that it depends on.
    pub fn asks_for_feature(&self, package: &str, dependency: &str, feature: &str) -> bool {
        self.packages.get(package).is_some_and(|package| {
            package
                .dependencies
                .iter()
                .any(|used| used.name == dependency && used.features.iter().any(|name| name == feature))
        })
    }

    /// The shortest way from a package down to a crate of that name, by names.
    fn path(&self, from: &str, to: &str) -> Option<Vec<String>> {
        let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
        let mut queue = std::collections::VecDeque::from([from]);
        while let Some(at) = queue.pop_front() {
            if at != from && crate_name(at) == to {
                let mut path = vec![crate_name(at).to_owned()];
                let mut step = at;
                while let Some(before) = came_from.get(step) {
                    path.push(crate_name(before).to_owned());
                    step = before;
                }
                path.reverse();
                return Some(path);
            }
            for next in self.below.get(at).into_iter().flatten() {
                if next != from && !came_from.contains_key(next.as_str()) {
                    came_from.insert(next, at);
                    queue.push_back(next);
                }
            }
        }
        None
    }
}

/// The name in a package id: `…#name@1.2.3`, or `path+file://…/name#1.2.3` where folder and package have one name.
fn crate_name(id: &str) -> &str {
    let (place, rest) = id.rsplit_once('#').unwrap_or(("", id));
    match rest.split_once('@') {
        Some((name, _)) => name,
        None => place.rsplit('/').next().unwrap_or(place),
    }
}

#[cfg(test)]
impl Graph {
    /// Every package listed is ours; what is listed nowhere as a package is from outside.
    pub fn planted(packages: &[(&str, &[&str])]) -> Self {
        let id = |name: &str| format!("registry#{name}@1.0.0");
        let mut graph = Self::default();
        for (name, used) in packages {
            let dependencies = used
                .iter()
                .map(|name| Dependency { name: (*name).to_owned(), kind: None, features: Vec::new() })
                .collect();
            graph.packages.insert((*name).to_owned(), Package { id: id(name), dependencies });
            graph.below.insert(id(name), used.iter().map(|name| id(name)).collect());
        }
        graph
    }

    fn with_outside(mut self, name: &str, used: &[&str]) -> Self {
        let id = |name: &str| format!("registry#{name}@1.0.0");
        self.below.insert(id(name), used.iter().map(|name| id(name)).collect());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layers_as_they_should_be_pass() {
        let graph = Graph::planted(&[
            ("domain", &["serde"]),
            ("contract", &["domain", "serde"]),
            ("store", &["domain", "sea-orm"]),
            ("engine", &["domain", "contract", "store", "tokio"]),
            ("sendoff", &["engine", "contract", "tauri"]),
        ]);
        assert_eq!(check(&graph), Vec::<String>::new());
    }

    #[test]
    fn each_planted_edge_against_the_table_is_found() {
        for (package, used) in [
            ("domain", "contract"),
            ("contract", "store"),
            ("store", "contract"),
            ("networks", "store"),
            ("networks", "reqwest"),
            ("engine", "egress"),
            ("engine", "keyring"),
            ("engine", "sqlx"),
            ("sendoff", "store"),
            ("sendoff", "sqlx"),
            ("sendoff-cli", "tauri"),
            ("sendoff-ui", "engine"),
            ("adapters", "tauri-plugin-dialog"),
            ("domain", "testkit"),
        ] {
            let graph = Graph::planted(&[(used, &[]), (package, &[used])]);
            let about = check(&graph).into_iter().filter(|line| line.starts_with(&format!("{package} "))).count();
            assert!(about > 0, "{package} > {used}");
        }
    }

    #[test]
    fn a_banned_crate_below_another_is_found_with_the_way_to_it() {
        let graph = Graph::planted(&[("domain", &["innocent"])]).with_outside("innocent", &["tokio"]);
        assert_eq!(check(&graph), ["domain must be free of tokio: domain > innocent > tokio"]);
    }

    #[test]
    fn a_package_without_a_row_is_found() {
        assert_eq!(check(&Graph::planted(&[("newcomer", &[])])).len(), 1);
    }

    #[test]
    fn names_are_read_from_ids() {
        assert_eq!(crate_name("registry+https://github.com/rust-lang/index#serde_json@1.0.1"), "serde_json");
        assert_eq!(crate_name("path+file:///a/crates/domain#0.1.0"), "domain");
        assert_eq!(crate_name("path+file:///a#sendoff@0.1.0"), "sendoff");
    }
}
