#pragma once

#include "daemon/config.hpp"
#include "daemon/document.hpp"
#include "daemon/store.hpp"

#include <memory>
#include <variant>

namespace gazetted {

struct NoSuchDocument {};     ///< 404
struct WithdrawnArticle {     ///< 410
    bool is_removed = false;  ///< by retention
};
struct RemovedSelection {};  ///< 410, by an operator's word
struct TooCostly {};         ///< a search that finds too much: 503
struct MovedDocument {       ///< 308: something that the address names has another name now
    Address address;
};

using Publication =
    std::variant<std::shared_ptr<const Document>, NoSuchDocument, WithdrawnArticle, RemovedSelection, TooCostly, MovedDocument>;

/// Rows -> Article -> Entry -> Fragment -> document -> representations. `previous` is the last document of this address or
/// null: its fragments are used again, and where the bytes come out the same it keeps its validators. Blocking; throws
/// StoreUnavailable. `now` bounds Last-Modified; it is in no byte of a document.
Publication publish(Store&, const SiteConfig&, const Address&, std::shared_ptr<const Document> previous, Instant now);

}  // namespace gazetted
