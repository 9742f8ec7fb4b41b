//! Compares schemas: walks ours and the published one side by side, and remembers where each of ours is used.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::addition::{Addition, Direction, New};
use crate::change::Kind;
use crate::comparison::Comparison;
use crate::document::{Path, find, join, reference};
use crate::shape::Shape;

/// A schema that contains itself is walked this deep.
const MAX_DEPTH: usize = 16;

/// What was found of schemas. An addition to a schema that several operations share is one addition.
pub(crate) struct Schemas<'a> {
    ours: &'a Value,
    published: &'a Value,
    /// How often each of our schemas was met.
    visits: BTreeMap<Path, usize>,
    properties: Vec<NewProperty<'a>>,
    enumerations: BTreeMap<Path, Enumeration<'a>>,
}

/// An enumeration of ours, and what the published document lists wherever it is used.
#[derive(Default)]
struct Enumeration<'a> {
    ours: Vec<&'a str>,
    theirs: Vec<&'a str>,
    places: Vec<String>,
}

struct NewProperty<'a> {
    at: Path,
    name: &'a str,
    schema: &'a Value,
    direction: Direction,
    places: Vec<String>,
    required_in: usize,
}

/// Where a walk is.
#[derive(Clone)]
struct Place<'a> {
    label: String,
    direction: Direction,
    /// Whether ours says that it is always there.
    required: bool,
    ours: &'a Value,
    at: Path,
    depth: usize,
}

impl<'a> Schemas<'a> {
    pub(crate) fn new(ours: &'a Value, published: &'a Value) -> Self {
        Self { ours, published, visits: BTreeMap::new(), properties: Vec::new(), enumerations: BTreeMap::new() }
    }

    /// Compares a parameter, of which both know the place.
    pub(crate) fn parameter(
        &mut self,
        comparison: &mut Comparison<'a>,
        label: &str,
        (our, at): (&'a Value, Path),
        their: &'a Value,
    ) {
        let (ours, theirs) = (our["required"] == true, their["required"] == true);
        compare_required(comparison, label, Direction::Request, (ours, theirs));
        let (schema, at) = self.resolve(&our["schema"], join(&at, "schema"));
        let (ours, theirs) = (Shape::of(self.ours, schema), Shape::of(self.published, &their["schema"]));
        // On the wire it is text, whatever it is typed as.
        let is_text = theirs.single_type() == Some("string");
        if !ours.is_any() && !theirs.is_any() && !is_text && !ours.covers(&theirs) {
            let detail = format!("was {}, is {}", ours.type_names(), theirs.type_names());
            comparison.change(label.into(), Kind::RequestTypeChanged, detail);
        }
        self.compare_values(label, &at, (&ours, &theirs));
    }

    /// Compares a whole body.
    pub(crate) fn walk(
        &mut self,
        comparison: &mut Comparison<'a>,
        label: &str,
        direction: Direction,
        (ours, at): (&'a Value, Path),
        theirs: &'a Value,
    ) {
        let place = Place { label: label.into(), direction, required: true, ours, at, depth: 0 };
        self.compare(comparison, place, theirs);
    }

    fn compare(&mut self, comparison: &mut Comparison<'a>, place: Place<'a>, theirs: &'a Value) {
        let (node, at) = self.resolve(place.ours, place.at);
        let (ours, theirs) = (Shape::of(self.ours, node), Shape::of(self.published, theirs));
        let place = Place { ours: node, at, ..place };
        if ours.is_any() || theirs.is_any() || place.depth > MAX_DEPTH {
            return;
        }
        if !ours.covers(&theirs) {
            let detail = format!("was {}, is {}", ours.type_names(), theirs.type_names());
            let kind = match place.direction {
                Direction::Request => Kind::RequestTypeChanged,
                Direction::Response => Kind::ResponseTypeChanged,
            };
            comparison.change(place.label, kind, detail);
            return;
        }
        compare_null(comparison, &place, (&ours, &theirs));
        self.compare_values(&place.label, &place.at, (&ours, &theirs));
        self.compare_properties(comparison, &place, (&ours, &theirs));
        for (key, our, their) in
            [("items", ours.items, theirs.items), ("additionalProperties", ours.map_values, theirs.map_values)]
        {
            if let (Some(our), Some(their)) = (our, their) {
                let within = Place {
                    label: format!("{}[]", place.label),
                    required: true,
                    ours: our,
                    at: join(&place.at, key),
                    depth: place.depth + 1,
                    ..place.clone()
                };
                self.compare(comparison, within, their);
            }
        }
    }

    /// Follows a reference of ours, and the path with it.
    fn resolve(&self, mut node: &'a Value, mut at: Path) -> (&'a Value, Path) {
        for _ in 0..MAX_DEPTH {
            let Some(target) = reference(node) else { break };
            let Some(found) = find(self.ours, &target) else { break };
            (node, at) = (found, target);
        }
        (node, at)
    }

    fn compare_values(&mut self, label: &str, at: &Path, (ours, theirs): (&Shape<'a>, &Shape<'a>)) {
        let (our, their) = (ours.texts(), theirs.texts());
        if our.is_empty() || their.is_empty() {
            return;
        }
        let known = self.enumerations.entry(at.clone()).or_default();
        known.ours = our;
        known.theirs.extend(their);
        known.places.push(label.into());
    }

    fn compare_properties(
        &mut self,
        comparison: &mut Comparison<'a>,
        place: &Place<'a>,
        (ours, theirs): (&Shape<'a>, &Shape<'a>),
    ) {
        *self.visits.entry(place.at.clone()).or_default() += 1;
        for (name, their) in &theirs.properties {
            let label = format!("{}.{name}", place.label);
            let required = theirs.required.contains(name);
            let Some(our) = ours.property(name) else {
                self.add_property(place, (name, their), label, required);
                continue;
            };
            let our_required = ours.required.contains(name);
            compare_required(comparison, &label, place.direction, (our_required, required));
            let at = join(&join(&place.at, "properties"), name);
            let depth = place.depth + 1;
            let within = Place { label, required: our_required, ours: our, at, depth, ..place.clone() };
            self.compare(comparison, within, their);
        }
        let kind = match place.direction {
            Direction::Request => Kind::RequestPropertyRemoved,
            Direction::Response => Kind::ResponsePropertyRemoved,
        };
        for (name, _) in ours.properties.iter().filter(|(name, _)| theirs.property(name).is_none()) {
            if !theirs.properties.is_empty() {
                comparison.change(format!("{}.{name}", place.label), kind, String::new());
            }
        }
    }

    fn add_property(&mut self, place: &Place, (name, schema): (&'a str, &'a Value), label: String, required: bool) {
        let required_in = usize::from(required && place.direction == Direction::Request);
        match self.properties.iter_mut().find(|known| known.at == place.at && known.name == name) {
            Some(known) => {
                known.places.push(label);
                known.required_in += required_in;
            }
            None => self.properties.push(NewProperty {
                at: place.at.clone(),
                name,
                schema,
                direction: place.direction,
                places: vec![label],
                required_in,
            }),
        }
    }

    /// Adds what was found to the comparison.
    pub(crate) fn finish(self, comparison: &mut Comparison<'a>) {
        for found in self.properties {
            let NewProperty { at, name, schema, direction, places, required_in } = found;
            // A property that only one of two operations requires must stay optional for the other.
            let required = required_in > 0 && self.visits.get(&at) == Some(&required_in);
            comparison
                .additions
                .push(Addition { places, new: New::Property { at, name, schema, required, direction } });
        }
        for (at, Enumeration { ours, mut theirs, places }) in self.enumerations {
            // A value that one place no longer has and another still does is not removed.
            for value in ours.iter().filter(|value| !theirs.contains(value)) {
                comparison.change(places.join(" and "), Kind::ValueRemoved, (*value).to_owned());
            }
            let mut seen = BTreeSet::new();
            theirs.retain(|value| !ours.contains(value) && seen.insert(*value));
            for value in theirs {
                let new = New::Value { at: at.clone(), value };
                comparison.additions.push(Addition { places: places.clone(), new });
            }
        }
    }
}

fn compare_null(comparison: &mut Comparison, place: &Place, (ours, theirs): (&Shape, &Shape)) {
    let kind = match place.direction {
        Direction::Request if ours.nullable && !theirs.nullable => Kind::NullForbidden,
        Direction::Request if theirs.nullable && !ours.nullable && place.required => Kind::NullAllowed,
        Direction::Response if theirs.nullable && !ours.nullable && place.required => Kind::NoLongerPromised,
        _ => return,
    };
    comparison.change(place.label.clone(), kind, String::new());
}

fn compare_required(comparison: &mut Comparison, label: &str, direction: Direction, (ours, theirs): (bool, bool)) {
    let kind = match direction {
        Direction::Request if theirs && !ours => Kind::NowRequired,
        Direction::Request if ours && !theirs => Kind::NoLongerRequired,
        Direction::Response if ours && !theirs => Kind::NoLongerPromised,
        _ => return,
    };
    comparison.change(label.into(), kind, String::new());
}
