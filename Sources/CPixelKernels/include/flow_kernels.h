#pragma once
#include <stdint.h>
#include "cpu_level.h"
